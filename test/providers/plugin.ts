import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Arm, type ArmOptions, startArm } from "../../rehearsal/arm/server.ts";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { Provider } from "../../rehearsal/providers/azure-native/provider.ts";
import { packed, unpacked } from "../../rehearsal/providers/plugin/messages.ts";
import { type RunningPlugin, servePlugin } from "../../rehearsal/providers/plugin/server.ts";
import type { Properties } from "../../rehearsal/providers/plugin/values.ts";

/** A request that ARM got. */
export interface Seen {
  method: string;
  path: string;
}

/** What went wrong, as the engine gets to know it. */
export interface PluginError {
  message: string;
  /** A partial failure's state. */
  partial?: { id: string; properties: Properties; inputs: Properties; reasons: string[] };
}

interface CheckResult {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

interface DiffResult {
  changes: boolean;
  detailed: Record<string, string>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** The plugin behind its gRPC interface, as the engine sees it, with ARM on this machine behind it. */
export class Plugin {
  readonly arm: Arm;
  readonly requests: Seen[];
  private readonly running: RunningPlugin;
  private readonly client: grpc.Client;

  private constructor(arm: Arm, requests: Seen[], running: RunningPlugin) {
    this.arm = arm;
    this.requests = requests;
    this.running = running;
    this.client = new services.ResourceProviderClient(
      `127.0.0.1:${running.port}`,
      grpc.credentials.createInsecure(),
    );
  }

  /** Starts ARM and the plugin, which is configured, unless a variable is to be missing from its environment. */
  static async start(options: Partial<ArmOptions> & { omit?: string } = {}): Promise<Plugin> {
    const authority = await CertificateAuthority.create();
    setDefaultCACertificates([...getCACertificates(), authority.cert]);
    const requests: Seen[] = [];
    const tls = await authority.issue({ name: "arm", hosts: ["127.0.0.1"] });
    const arm = await startArm({
      tls,
      delays: { operationMs: 20 },
      onRequest: ({ method, path }) => requests.push({ method, path }),
      ...options,
    });
    const plugin = new Plugin(arm, requests, await servePlugin(new Provider(variables(arm, options.omit))));
    if (!options.omit) {
      await plugin.configure({});
    }
    return plugin;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.running.close();
    await this.arm.close();
  }

  async configure(settings: Record<string, string>) {
    const request = new messages.ConfigureRequest();
    for (const [name, value] of Object.entries(settings)) {
      request.getVariablesMap().set(`azure-native:config:${name}`, value);
    }
    const response = await this.call<messages.ConfigureResponse>("configure", request);
    return response.toObject();
  }

  async check(type: string, name: string, news: Properties, olds: Properties = {}): Promise<CheckResult> {
    const request = new messages.CheckRequest()
      .setUrn(urnOf(type, name))
      .setNews(packed(news))
      .setOlds(packed(olds))
      .setRandomseed(new Uint8Array(32));
    const response = await this.call<messages.CheckResponse>("check", request);
    return {
      inputs: unpacked(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async diff(
    type: string,
    olds: Properties,
    news: Properties,
    outputs: Properties = olds,
  ): Promise<DiffResult> {
    const request = new messages.DiffRequest()
      .setUrn(urnOf(type, "x"))
      .setOlds(packed(outputs))
      .setOldInputs(packed(olds))
      .setNews(packed(news));
    const response = await this.call<messages.DiffResponse>("diff", request);
    const kinds = Object.keys(messages.PropertyDiff.Kind);
    const detailed = [...response.getDetaileddiffMap().entries()] as [string, messages.PropertyDiff][];
    return {
      changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      detailed: Object.fromEntries(detailed.map(([path, diff]) => [path, kinds[diff.getKind()] as string])),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  /** Check and create, as an update does. */
  async up(type: string, name: string, inputs: Properties) {
    const checked = await this.check(type, name, inputs);
    if (checked.failures.length > 0) {
      throw new Error(JSON.stringify(checked.failures));
    }
    return { inputs: checked.inputs, ...(await this.create(type, checked.inputs)) };
  }

  async create(type: string, inputs: Properties, preview = false) {
    const request = new messages.CreateRequest()
      .setUrn(urnOf(type, "x"))
      .setProperties(packed(inputs))
      .setPreview(preview);
    const response = await this.call<messages.CreateResponse>("create", request);
    return { id: response.getId(), outputs: unpacked(response.getProperties()) };
  }

  async update(
    type: string,
    id: string,
    inputs: Properties,
    olds: Properties,
    preview = false,
  ): Promise<Properties> {
    const request = new messages.UpdateRequest()
      .setUrn(urnOf(type, "x"))
      .setId(id)
      .setNews(packed(inputs))
      .setOlds(packed(olds))
      .setPreview(preview);
    const response = await this.call<messages.UpdateResponse>("update", request);
    return unpacked(response.getProperties());
  }

  async read(type: string, id: string, inputs: Properties = {}, outputs: Properties = {}) {
    const request = new messages.ReadRequest()
      .setUrn(urnOf(type, "x"))
      .setId(id)
      .setInputs(packed(inputs))
      .setProperties(packed(outputs));
    const response = await this.call<messages.ReadResponse>("read", request);
    return {
      id: response.getId(),
      outputs: unpacked(response.getProperties()),
      inputs: unpacked(response.getInputs()),
    };
  }

  async delete(type: string, id: string): Promise<void> {
    await this.call("delete", new messages.DeleteRequest().setUrn(urnOf(type, "x")).setId(id));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(packed(args));
    return unpacked((await this.call<messages.InvokeResponse>("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new empty.Empty());
  }

  private call<Response>(method: string, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const done = (error: grpc.ServiceError | null, response: Response) =>
        error ? reject(pluginError(error)) : resolve(response);
      (this.client as unknown as Record<string, (...args: unknown[]) => void>)[method]?.(request, done);
    });
  }
}

function variables(arm: Arm, omit = ""): Record<string, string> {
  const all: Record<string, string> = {
    ARM_METADATA_HOSTNAME: arm.metadataHost,
    ARM_TENANT_ID: arm.tenantId,
    ARM_SUBSCRIPTION_ID: arm.subscriptionId,
    ARM_CLIENT_ID: arm.clientId,
    ARM_CLIENT_SECRET: arm.clientSecret,
  };
  delete all[omit];
  return all;
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::mcpaas::mcpaas:index:AksWithGpuPool$azure-native:${type}::${name}`;
}

function pluginError(error: grpc.ServiceError): PluginError {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const packedDetail = details && statuses.Status.deserializeBinary(details as Buffer).getDetailsList()[0];
  if (!packedDetail) {
    return { message: error.details };
  }
  const partial = messages.ErrorResourceInitFailed.deserializeBinary(packedDetail.getValue_asU8());
  return {
    message: error.details,
    partial: {
      id: partial.getId(),
      properties: unpacked(partial.getProperties()),
      inputs: unpacked(partial.getInputs()),
      reasons: partial.getReasonsList(),
    },
  };
}
