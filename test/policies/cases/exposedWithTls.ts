import { object } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const listeners = [
  { name: "http", port: 80, protocol: "HTTP" },
  { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "tls" }] } },
];
const gateway = object("gateway.networking.k8s.io/v1:Gateway", "exposed-with-tls", {
  gatewayClassName: "istio",
  listeners,
});
const annotations = { "mcpaas.dev/authentication": "the guard asks for a token" };
const route = (name: string, sectionName: string, rule: object) =>
  object(
    "gateway.networking.k8s.io/v1:HTTPRoute",
    name,
    { parentRefs: [{ name: "exposed-with-tls", sectionName }], rules: [rule] },
    { annotations },
  );
const toService = { backendRefs: [{ name: "app", port: 80 }] };
const redirect = { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] };

export const cases: Case = {
  rule: "exposed-with-tls",
  bad: [{ ...gateway, bystander: true }, route("exposed-with-tls-clear", "http", toService)],
  good: [
    gateway,
    route("exposed-with-tls-closed", "https", toService),
    route("exposed-with-tls-redirect", "http", redirect),
  ],
};
