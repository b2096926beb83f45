import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { issuerOf } from "../azure/values.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** Where Entra ID is, and for whom it signs. */
export interface EntraPlace {
  /** Base URL of the emulated Resource Manager, which is Entra too. */
  endpoint: string;
  tenant: string;
  /** The application that clusters take tokens for. */
  audience: string;
}

/**
 * Writes what tells the API server whom to believe and whom to ask: tokens of Entra ID by its published keys, and
 * after Kubernetes' own RBAC Azure's role assignments, for users that Entra vouches for. AKS has a webhook for both.
 *
 * @returns the API server's arguments
 */
export async function entraArguments(dir: string, ca: string, entra: EntraPlace): Promise<string[]> {
  const authentication = join(dir, "authentication.yaml");
  const authorization = join(dir, "authorization.yaml");
  const kubeConfigFile = await writeKubeconfig(join(dir, "azure-access.kubeconfig"), {
    server: `${entra.endpoint}/_rehearsal/access`,
    ca,
    context: "azure",
    user: { token: "none is asked for" },
  });
  await writeFile(
    authentication,
    stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [
        {
          issuer: {
            url: issuerOf(entra.tenant),
            discoveryURL: `${entra.endpoint}/${entra.tenant}/.well-known/openid-configuration`,
            certificateAuthority: ca,
            audiences: [entra.audience],
          },
          claimValidationRules: [{ claim: "tid", requiredValue: entra.tenant }],
          claimMappings: {
            // AKS knows people by their name and everybody else by the object id.
            username: { expression: "has(claims.upn) ? claims.upn : claims.oid" },
            groups: { expression: "has(claims.groups) ? claims.groups : []" },
          },
        },
      ],
    }),
  );
  await writeFile(
    authorization,
    stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthorizationConfiguration",
      authorizers: [
        { type: "Node", name: "node" },
        { type: "RBAC", name: "rbac" },
        {
          type: "Webhook",
          name: "azure",
          webhook: {
            timeout: "3s",
            authorizedTTL: "10s",
            // A role that was just assigned counts at once.
            unauthorizedTTL: "1s",
            subjectAccessReviewVersion: "v1",
            matchConditionSubjectAccessReviewVersion: "v1",
            failurePolicy: "NoOpinion",
            connectionInfo: { type: "KubeConfigFile", kubeConfigFile },
            matchConditions: [
              { expression: "!request.user.startsWith('system:') && !('system:masters' in request.groups)" },
            ],
          },
        },
      ],
    }),
  );
  return [`--authentication-config=${authentication}`, `--authorization-config=${authorization}`];
}
