import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { ChatAppArgs } from "./chatApp/args.ts";
import { checkedArgs } from "./chatApp/check.ts";
import { chatConnections, mcpToolId, ragToolId } from "./chatApp/connections.ts";
import { chatEnvironment } from "./chatApp/environment.ts";
import { closeChat } from "./chatApp/network.ts";
import { chatPodSpec } from "./chatApp/pod.ts";
import { signInEgress, signInSentence } from "./chatApp/signIn.ts";
import { calledState } from "./chatApp/state.ts";
import { dataVolume } from "./chatApp/storage.ts";
import { chatWorkload, SERVICE_PORT } from "./chatApp/workload.ts";
import { GeneratedKey } from "./dynamic/generatedKey.ts";
import { ensure, wholeNumber } from "./validation.ts";

export type * from "./chatApp/args.ts";
export type { ChatModel, ServedModel } from "./chatApp/models.ts";
export { OPEN_WEBUI_IMAGE } from "./chatApp/pod.ts";
export type { ChatRagEngine } from "./chatApp/ragEngines.ts";
export type { ChatEntra, ChatSignIn } from "./chatApp/signIn.ts";
export type { ChatStorage } from "./chatApp/storage.ts";
export type { ChatTool, ServedTools } from "./chatApp/tools.ts";
export type { NetworkTarget } from "./network/specs.ts";

/**
 * A chat app, Open WebUI, that answers with models and calls tools: a Deployment and a Service, a Secret, a
 * volume for chats and files, and NetworkPolicies that let its clients in and it out to models, tools and what
 * else was named. The pods meet the restricted pod security standard, on a read-only root file system.
 *
 * Everything is configured by the program: what somebody changes in the admin panel lasts until the next
 * start. A change makes new pods; with SQLite the old one ends first, and nobody gets an answer for about half
 * a minute.
 *
 * Costs what its pods request and its volume, and what its questions cost the models. Give it `dependsOn` on
 * the namespace. Open WebUI's licence forbids to remove its name and logo; see docs/chat.md.
 */
export class ChatApp extends pulumi.ComponentResource {
  /** Where it is inside the cluster, for example "http://chat.chat.svc.cluster.local". */
  declare readonly url: pulumi.Output<string>;
  /** Where browsers find it, if it was said. */
  declare readonly publicUrl: string | undefined;
  /** The Service, for what forwards to it. */
  declare readonly service: { name: pulumi.Output<string>; port: number };
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** Labels of its pods, for those who let them in. */
  declare readonly podLabels: Record<string, string>;
  /** The first account; the password is a secret. */
  declare readonly administrator: { email: string; password: pulumi.Output<string> };
  /** How to sign in, in a sentence. */
  declare readonly signIn: pulumi.Output<string>;

  constructor(name: string, args: ChatAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:ChatApp", name, {}, opts);
    const chat = checkedArgs(name, args);
    const { app, state, models, tools, ragEngines, signIn } = chat;
    const { namespace } = args;
    this.podLabels = chatPodLabels(app);
    this.publicUrl = chat.publicUrl;

    const place = { name, app, namespace, parent: this };
    const volume = dataVolume(
      args.storage,
      { replicas: state.replicas, sqlite: state.database === undefined, uploads: chat.uploads },
      place,
    );
    const policies = closeChat({
      ...place,
      podLabels: this.podLabels,
      clients: args.clients ?? [],
      egress: [...(args.egress ?? []), ...signInEgress(signIn)],
      targets: [state.database?.target, state.redis?.target].filter((target) => target !== undefined),
      services: [
        ...[...models, ...tools, ...ragEngines].map(({ service }) => service),
        ...calledState(state),
      ],
    });
    const password = pulumi.secret(new GeneratedKey(`${name}.administrator`, { parent: this }).value);
    const connections = pulumi
      .secret({
        models: models.map(({ service, ...model }) => model),
        tools: tools.map(({ service, ...tool }) => tool),
        ragEngines: ragEngines.map(({ service, ...engine }) => engine),
        databaseUrl: state.database?.url,
        redisUrl: state.redis?.url,
        secretKey: new GeneratedKey(`${name}.key`, { parent: this }).value,
        administratorPassword: password,
        entraClientSecret: signIn.entra?.clientSecret,
      })
      .apply(chatConnections);
    const secret = new Secret(
      `${name}-connections`,
      // Without a name of its own: new values make another Secret, and with it new pods, which read it once.
      { metadata: { namespace }, stringData: connections },
      { parent: this },
    );
    const serviceUrl = pulumi.output(namespace).apply((ns) => `http://${app}.${ns}.svc.cluster.local`);
    const environment = serviceUrl.apply((url) =>
      chatEnvironment({
        ...chat,
        serviceUrl: url,
        redis: state.redis !== undefined,
        attachedTools: [
          ...tools.filter(({ attached }) => attached).map((tool) => mcpToolId(tool.name)),
          ...ragEngines.map((engine) => ragToolId(engine.name)),
        ],
      }),
    );
    const timeout = `${ensure("readyTimeoutMinutes", args.readyTimeoutMinutes ?? 10, wholeNumber(1, 60))}m`;
    const service = chatWorkload(
      {
        ...place,
        podLabels: this.podLabels,
        replicas: state.replicas,
        alone: state.database === undefined || (state.replicas === 1 && volume.writtenByOne),
        pod: chatPodSpec(args, {
          podLabels: this.podLabels,
          replicas: state.replicas,
          environment,
          secretName: secret.metadata.name,
          data: volume.source,
          uploads: chat.uploads,
        }),
      },
      {
        parent: this,
        // The policies come first: not for a moment can others reach the pods, or they reach others.
        dependsOn: [...policies, ...volume.made],
        customTimeouts: { create: timeout, update: timeout, delete: "5m" },
      },
    );

    // Who uses these comes after the pods.
    this.service = { name: service.urn.apply(() => app), port: SERVICE_PORT };
    this.namespace = pulumi.output(namespace);
    this.url = pulumi.all([serviceUrl, service.urn]).apply(([url]) => url);
    this.administrator = { email: signIn.administratorEmail, password };
    this.signIn = this.namespace.apply((ns) =>
      signInSentence(signIn, { app, namespace: ns, publicUrl: chat.publicUrl }),
    );
    this.registerOutputs({
      url: this.url,
      publicUrl: this.publicUrl,
      administrator: this.administrator,
      signIn: this.signIn,
    });
  }
}

/** Labels of the pods of a chat app, by its `name`: for those who must let them in before they are there. */
export function chatPodLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "open-webui", "app.kubernetes.io/instance": name };
}
