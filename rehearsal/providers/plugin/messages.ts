import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { type Properties, withoutNulls } from "./values.ts";

type Values = Parameters<typeof struct.Struct.fromJavaScript>[0];

/** A message as a property bag; nulls mean the same as absence. */
export function unpacked(message: struct.Struct | undefined): Properties {
  return withoutNulls((message?.toJavaScript() ?? {}) as Properties);
}

/** A property bag as a message. */
export function packed(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(withoutNulls(properties) as Values);
}
