import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { decodeKubeconfig } from "../../components/aksWithGpuPool/kubeconfig.ts";
import {
  type Answer,
  clusterBody,
  inGroup,
  makeCluster,
  makeGroup,
  type Rig,
  startRig,
  versions,
} from "./support.ts";

const clusters = [
  { name: "c", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": "Q0E=" } },
];
const contexts = [{ name: "c", context: { cluster: "c", user: "u" } }];
const file = {
  apiVersion: "v1",
  kind: "Config",
  clusters,
  contexts,
  "current-context": "c",
  users: [{ name: "u", user: { "client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ" } }],
};

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ kubeconfig: async () => JSON.stringify(file) });
  await makeGroup(rig);
});
afterEach(() => rig.close());

async function ask(properties: object, who: "User" | "Admin"): Promise<Answer> {
  await makeCluster(rig, "demo", clusterBody("eastus", { ...properties }));
  const cluster = inGroup(rig, "Microsoft.ContainerService/managedClusters/demo");
  return rig.raw("POST", `${cluster}/listCluster${who}Credential?${versions.aks}`);
}

const entra = { aadProfile: { managed: true, enableAzureRBAC: true } };
const localAccountsOff = { disableLocalAccounts: true };

test.each([
  { name: "a user of a cluster without Entra ID", properties: {}, who: "User" as const },
  { name: "an administrator of it", properties: {}, who: "Admin" as const },
  { name: "an administrator of a cluster with Entra ID", properties: entra, who: "Admin" as const },
])("$name gets static credentials", async ({ properties, who }) => {
  const { status, body } = await ask(properties, who);
  expect(status).toBe(200);
  expect(body.kubeconfigs[0].name).toBe(`cluster${who}`);
  expect(parse(decodeKubeconfig(body))).toEqual(file);
});

test.each([
  { name: "local accounts on", properties: entra, tenant: "00000000-0000-0000-0000-000000000001" },
  {
    name: "local accounts off and a tenant of its own",
    properties: {
      ...localAccountsOff,
      aadProfile: { managed: true, tenantID: "00000000-0000-0000-0000-0000000000ff" },
    },
    tenant: "00000000-0000-0000-0000-0000000000ff",
  },
])(
  "with Entra ID and $name a user gets a call of kubelogin instead of a key",
  async ({ properties, tenant }) => {
    const { body } = await ask(properties, "User");
    const text = decodeKubeconfig(body);
    expect(text).not.toContain("S0VZ");
    expect(parse(text)).toEqual({
      ...file,
      users: [
        {
          name: "u",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "kubelogin",
              args: [
                "get-token",
                "--environment",
                "AzurePublicCloud",
                "--server-id",
                "6dae42f8-4368-4678-94ff-3960e28e3630",
                "--client-id",
                "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
                "--tenant-id",
                tenant,
                "--login",
                "devicecode",
              ],
              env: null,
              provideClusterInfo: false,
            },
          },
        },
      ],
    });
  },
);

test.each([
  { name: "an administrator", properties: { ...entra, ...localAccountsOff }, who: "Admin" as const },
  { name: "a user without Entra ID", properties: localAccountsOff, who: "User" as const },
])("with local accounts off $name is refused in AKS's words", async ({ properties, who }) => {
  expect(await ask(properties, who)).toMatchObject({
    status: 400,
    body: {
      code: "BadRequest",
      message:
        "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    },
  });
});
