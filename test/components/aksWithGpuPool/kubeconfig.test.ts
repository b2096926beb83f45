import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { decodeKubeconfig, withLogin } from "../../../components/aksWithGpuPool/kubeconfig.ts";

it("decodes the first kubeconfig", () => {
  const value = Buffer.from("kind: Config").toString("base64");
  expect(decodeKubeconfig({ kubeconfigs: [{ value }, { value: "x" }] })).toBe("kind: Config");
});

it.each([{}, { kubeconfigs: [] }, { kubeconfigs: [{}] }])("says so when there is none: %j", (answer) => {
  expect(() => decodeKubeconfig(answer)).toThrow("AKS returned no kubeconfig");
});

describe("withLogin", () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: [
      ...["get-token", "--environment", "AzurePublicCloud", "--server-id", "aks", "--client-id", "people"],
      ...["--tenant-id", "tenant", "--login", "devicecode"],
    ],
  };
  const kubeconfig = stringify({ kind: "Config", users: [{ name: "u", user: { exec } }] });

  it.each(["azurecli", "workloadidentity", "spn", "msi"] as const)(
    "signs in by %s, without the client id for people",
    (mode) => {
      expect(parse(withLogin(kubeconfig, mode))).toEqual({
        kind: "Config",
        users: [
          {
            name: "u",
            user: {
              exec: {
                ...exec,
                args: [
                  "get-token",
                  "--environment",
                  "AzurePublicCloud",
                  "--server-id",
                  "aks",
                  "--login",
                  mode,
                ],
              },
            },
          },
        ],
      });
    },
  );

  it("leaves alone what AKS wrote for people, and users with a certificate", () => {
    expect(withLogin(kubeconfig, "devicecode")).toBe(kubeconfig);
    const certificate = { kind: "Config", users: [{ name: "u", user: { "client-key-data": "x" } }] };
    expect(parse(withLogin(stringify(certificate), "azurecli"))).toEqual(certificate);
  });
});
