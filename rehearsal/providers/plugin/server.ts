import { fstatSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Plugin } from "./plugin.ts";
import { providerService } from "./service.ts";

/** A plugin that listens. */
export interface RunningPlugin {
  port: number;
  close(): void;
}

/** Serves the plugin on a free port of the loopback interface. */
export async function servePlugin(plugin: Plugin): Promise<RunningPlugin> {
  // States of large resources pass the default limit of 4 MiB.
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const service = services.ResourceProviderService as unknown as grpc.ServiceDefinition;
  server.addService(service, providerService(plugin));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** Serves the plugin to the engine that started this process, until that ends. */
export async function runPlugin(plugin: Plugin): Promise<void> {
  const { port } = await servePlugin(plugin);
  // The engine reads the port from the first line of the output.
  // As text: a number would be coloured where FORCE_COLOR asks for it, and the engine could not read it.
  console.log(String(port));
  // It holds a pipe to the plugin's input: when that closes, nobody is left to ask or to end the plugin.
  if (fstatSync(0).isFIFO()) {
    process.stdin.resume().on("end", () => process.exit());
  }
}
