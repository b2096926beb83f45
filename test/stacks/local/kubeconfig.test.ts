import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { chosenCluster } from "../../../stacks/local/kubeconfig.ts";
import { both, folder, kubeconfigOf, written } from "./support.ts";

const chosen = (file: string | undefined, context: string, more: object = {}, env: NodeJS.ProcessEnv = {}) =>
  chosenCluster({ context, currentContextOnly: true, kubeconfig: file, ...more }, env);
const two = (current: string) => both(kubeconfigOf("kind-a"), kubeconfigOf("prod"), current);

describe("the cluster of a local stack", () => {
  it("is the one of the context, and nobody else's credentials go with it", () => {
    const { kubeconfig } = chosen(written(two("kind-a")), "kind-a");
    expect(parse(kubeconfig)).toMatchObject({
      clusters: [{ name: "kind-a", cluster: { server: "https://kind-a.example:6443" } }],
      contexts: [{ name: "kind-a" }],
      "current-context": "kind-a",
    });
    expect(kubeconfig).toContain(Buffer.from("key of kind-a").toString("base64"));
    expect(kubeconfig).not.toContain("prod");
    expect(kubeconfig).not.toContain(Buffer.from("key of prod").toString("base64"));
  });

  it("isn't deployed to while another context is the current one", () => {
    const file = written(two("prod"));
    expect(() => chosen(file, "kind-a")).toThrow(
      /mcpaas:local\.context[\s\S]*"kind-a"[\s\S]*"prod"[\s\S]*kubectl config use-context kind-a[\s\S]*currentContextOnly/,
    );
    expect(parse(chosen(file, "kind-a", { currentContextOnly: false }).kubeconfig)).toMatchObject({
      "current-context": "kind-a",
    });
  });

  it("isn't guessed: a context that isn't there is an error that names those that are", () => {
    expect(() => chosen(written(two("prod")), "kind-b")).toThrow(/"kind-b" is not in .*kind-a, prod/);
  });

  it("is looked for where kubectl looks, of several files in the first that has it", () => {
    const dir = folder();
    const first = written(kubeconfigOf("kind-a", { authority: "first" }), dir, "1");
    const second = written(both(kubeconfigOf("kind-a"), kubeconfigOf("prod"), "prod"), dir, "2");
    const env = { KUBECONFIG: [first, join(dir, "missing"), second].join(":") };
    const { kubeconfig } = chosen(undefined, "kind-a", {}, env);
    expect(kubeconfig).toContain(Buffer.from("authority of first").toString("base64"));
    expect(() => chosen(undefined, "kind-a", {}, { HOME: dir })).toThrow(/no kubeconfig at .*\.kube\/config/);
  });

  it("has its certificates with it, wherever they were", () => {
    const dir = folder();
    for (const name of ["ca", "crt", "key"]) writeFileSync(join(dir, name), `the ${name}`);
    const config = {
      ...kubeconfigOf("minikube"),
      clusters: [{ name: "minikube", cluster: { server: "https://m:1", "certificate-authority": "ca" } }],
      users: [
        { name: "minikube-user", user: { "client-certificate": "crt", "client-key": join(dir, "key") } },
      ],
    };
    const { kubeconfig } = chosen(written(config, dir), "minikube");
    for (const name of ["ca", "crt", "key"]) {
      expect(kubeconfig).toContain(Buffer.from(`the ${name}`).toString("base64"));
    }
    expect(kubeconfig).not.toContain(dir);
  });

  it("keeps a program that signs in", () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "kubelogin", args: ["get-token"] };
    const config = { ...kubeconfigOf("eks"), users: [{ name: "eks-user", user: { exec } }] };
    const { users } = parse(chosen(written(config), "eks").kubeconfig);
    expect(users).toMatchObject([{ name: "eks-user", user: { exec } }]);
  });

  it("is the same at another address and with other credentials, and another one with another authority", () => {
    const id = (options: object, name = "kind-a") =>
      chosen(written(kubeconfigOf(name, options)), name).identifier;
    expect(id({ server: "https://127.0.0.1:41234" })).toBe(id({}));
    expect(id({ authority: "kind-a" }, "renamed")).toBe(id({}));
    expect(id({ authority: "made anew" })).not.toBe(id({}));
  });

  it("can't be one without a user, or of a file that is no kubeconfig", () => {
    const alone = { ...kubeconfigOf("kind-a"), users: [] };
    expect(() => chosen(written(alone), "kind-a")).toThrow(/names a user that is not in/);
    expect(() => chosen(written({ clusters: [{}] }), "kind-a")).toThrow(/is not a kubeconfig: clusters\[0\]/);
  });
});
