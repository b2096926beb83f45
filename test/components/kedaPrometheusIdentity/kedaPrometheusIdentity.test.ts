import { expect, it } from "vitest";
import {
  KedaPrometheusIdentity,
  type KedaPrometheusIdentityArgs,
} from "../../../components/kedaPrometheusIdentity.ts";
import { azure, SUBSCRIPTION } from "../../support/azure.ts";
import { runWithMocks } from "../../support/mocks.ts";

const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const ROLE = "azure-native:authorization:RoleAssignment";
const WORKSPACE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Monitor/accounts/amw";

const run = (args: Partial<KedaPrometheusIdentityArgs> = {}) =>
  runWithMocks(
    () =>
      new KedaPrometheusIdentity("keda", {
        resourceGroupName: "rg",
        location: "eastus",
        oidcIssuerUrl: "https://issuer.example/",
        workspaceId: WORKSPACE,
        ...args,
      }),
    azure,
  );

it("is trusted by Microsoft Entra for AKS's KEDA operator, and may read one workspace's data", async () => {
  const { find } = await run({ tags: { team: "a" } });
  expect(find(IDENTITY).inputs).toMatchObject({
    resourceGroupName: "rg",
    location: "eastus",
    resourceName: "id-keda",
    tags: { team: "a" },
  });
  expect(find(CREDENTIAL).inputs).toMatchObject({
    resourceName: "id-keda",
    issuer: "https://issuer.example/",
    subject: "system:serviceaccount:kube-system:keda-operator",
    audiences: ["api://AzureADTokenExchange"],
  });
  expect(find(ROLE).inputs).toMatchObject({
    scope: WORKSPACE,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/b0d8363b-8ddd-447d-831f-62ca05bff136`,
  });
});

it("takes a name and a subscription", async () => {
  const { find } = await run({ identityName: "id-other", subscriptionId: "sub" });
  expect(find(IDENTITY).inputs.resourceName).toBe("id-other");
  expect(find(ROLE).inputs.roleDefinitionId).toMatch(/^\/subscriptions\/sub\//);
});
