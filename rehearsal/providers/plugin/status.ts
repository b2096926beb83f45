import * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { packed } from "./messages.ts";
import { PartialFailure } from "./plugin.ts";

/**
 * An error as the engine shows it: its message and no stack trace. A partial failure also carries the state,
 * which the engine keeps so that a destroy can clean up.
 */
export function statusOf(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const status = { code: grpc.status.UNKNOWN, details: message };
  return error instanceof PartialFailure ? { ...status, metadata: initFailed(error, message) } : status;
}

function initFailed(failure: PartialFailure, message: string): grpc.Metadata {
  const detail = new messages.ErrorResourceInitFailed()
    .setId(failure.state.id)
    .setProperties(packed(failure.state.outputs))
    .setInputs(packed(failure.inputs))
    .setReasonsList([message]);
  const packedDetail = new any.Any();
  packedDetail.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packedDetail);
  const metadata = new grpc.Metadata();
  // gRPC's place for structured errors, which its Node library leaves to the caller.
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
