/**
 * A chat app for a model that is somewhere: any endpoint with the OpenAI API. Pulumi takes the cluster of your
 * kubeconfig; `kubectl port-forward -n chat deployment/chat 8080` opens the app.
 */
import * as pulumi from "@pulumi/pulumi";
import { ChatApp, RestrictedNamespace } from "mcpaas";

const config = new pulumi.Config();

const place = new RestrictedNamespace("chat", {});

const chat = new ChatApp(
  "chat",
  {
    namespace: place.namespace,
    models: [{ name: "model", url: config.require("modelUrl"), apiKey: config.getSecret("modelKey") }],
    // The one address that it may call.
    egress: [{ cidr: config.require("modelAddress"), ports: [443] }],
  },
  { dependsOn: [place] },
);

export const { administrator } = chat;
