import { object } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const spec = (host: string) => ({
  tls: [{ hosts: [host], secretName: "tls" }],
  rules: [
    { host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "app" } } }] } },
  ],
});
const annotations = { "mcpaas.dev/authentication": "the guard asks for a token" };
const ingress = (name: string, metadata: Record<string, unknown> = {}) =>
  object("networking.k8s.io/v1:Ingress", name, spec("app.example.com"), metadata);

export const cases: Case = {
  rule: "exposed-with-auth",
  bad: [ingress("exposed-with-auth-silent")],
  good: [ingress("exposed-with-auth", { annotations })],
};
