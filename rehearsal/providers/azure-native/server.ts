import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { AzureEnvironment } from "../../../components/azure/session.ts";
import { Provider } from "./provider.ts";
import { providerService } from "./service.ts";

/** A plugin that listens. */
export interface RunningPlugin {
  port: number;
  close(): void;
}

/** Serves the plugin on a free port of the loopback interface. */
export async function servePlugin(environment: AzureEnvironment): Promise<RunningPlugin> {
  // States of large resources pass the default limit of 4 MiB.
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const service = services.ResourceProviderService as unknown as grpc.ServiceDefinition;
  server.addService(service, providerService(new Provider(environment)));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
