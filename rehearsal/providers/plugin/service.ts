import type * as grpc from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { packed, unpacked } from "./messages.ts";
import type { Autonaming, Plugin } from "./plugin.ts";
import { statusOf } from "./status.ts";

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;
const modes = ["propose", "enforce", "disable"] as const;

/** The methods of the ResourceProvider service that the engine calls. Others answer "unimplemented". */
export function providerService(provider: Plugin): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries({ ...lifecycle(provider), ...resources(provider) }).map(([name, handler]) => [
      name,
      unary(handler as Handler<unknown, unknown>),
    ]),
  );
}

function lifecycle(provider: Plugin) {
  return {
    getPluginInfo: () => new pluginMessages.PluginInfo().setVersion(provider.version),
    attach: () => new empty.Empty(),
    getSchema: () =>
      new messages.GetSchemaResponse().setSchema(
        JSON.stringify({ name: provider.name, version: provider.version }),
      ),
    checkConfig: (request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews() ?? new struct.Struct()),
    diffConfig: () => new messages.DiffResponse(),
    async configure(request: messages.ConfigureRequest) {
      const settings = [...request.getVariablesMap().entries()] as [string, string][];
      const prefix = `${provider.name}:config:`;
      await provider.configure(
        Object.fromEntries(settings.map(([key, value]) => [key.replace(prefix, ""), value])),
      );
      // As the plugins that this stands for: the engine takes secrets out of what it sends, and marks them again in what it gets.
      return new messages.ConfigureResponse()
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    },
    async invoke(request: messages.InvokeRequest) {
      const result = await provider.invoke(request.getTok(), unpacked(request.getArgs()));
      return new messages.InvokeResponse().setReturn(packed(result));
    },
    cancel() {
      provider.cancel();
      return new empty.Empty();
    },
  };
}

function resources(provider: Plugin) {
  return {
    async check(request: messages.CheckRequest) {
      const { inputs, failures } = await provider.check({
        urn: request.getUrn(),
        olds: unpacked(request.getOlds()),
        news: unpacked(request.getNews()),
        seed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request),
      });
      const found = failures.map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(reason),
      );
      return new messages.CheckResponse().setInputs(packed(inputs)).setFailuresList(found);
    },
    diff(request: messages.DiffRequest) {
      const { detailed, replaces, deleteBeforeReplace } = provider.diff(
        request.getUrn(),
        unpacked(request.getOldInputs()),
        unpacked(request.getNews()),
        unpacked(request.getOlds()),
      );
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const response = new messages.DiffResponse()
        .setChanges(detailed.size > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...new Set([...detailed.keys()].map((path) => path.split(/[.[]/)[0] as string))])
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace)
        .setHasdetaileddiff(true);
      for (const [path, kind] of detailed) {
        const change = new messages.PropertyDiff()
          .setKind(messages.PropertyDiff.Kind[kind])
          .setInputdiff(true);
        response.getDetaileddiffMap().set(path, change);
      }
      return response;
    },
    async create(request: messages.CreateRequest) {
      const inputs = unpacked(request.getProperties());
      const state = await provider.create(
        request.getUrn(),
        inputs,
        request.getTimeout(),
        request.getPreview(),
      );
      return new messages.CreateResponse().setId(state.id).setProperties(packed(state.outputs));
    },
    async read(request: messages.ReadRequest) {
      // An import has no inputs yet.
      const known = unpacked(request.getInputs());
      const inputs = Object.keys(known).length > 0 ? known : undefined;
      const outputs = unpacked(request.getProperties());
      const state = await provider.read(request.getUrn(), request.getId(), { inputs, outputs });
      const response = new messages.ReadResponse();
      return state
        ? response.setId(state.id).setProperties(packed(state.outputs)).setInputs(packed(state.inputs))
        : response;
    },
    async update(request: messages.UpdateRequest) {
      const outputs = await provider.update(
        request.getUrn(),
        unpacked(request.getNews()),
        unpacked(request.getOlds()),
        request.getTimeout(),
        request.getPreview(),
      );
      return new messages.UpdateResponse().setProperties(packed(outputs));
    },
    async delete(request: messages.DeleteRequest) {
      await provider.delete(request.getUrn(), request.getId(), request.getTimeout());
      return new empty.Empty();
    },
  };
}

function autonamingOf(request: messages.CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  return options && { mode: modes[options.getMode()] ?? "propose", proposed: options.getProposedName() };
}

function unary<Request, Response>(
  handler: Handler<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return async (call, done) => {
    try {
      done(null, await handler(call.request));
    } catch (error) {
      done(statusOf(error));
    }
  };
}
