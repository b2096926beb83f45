import { expect, it } from "vitest";
import { decodeKubeconfig } from "../../../components/aksWithGpuPool/kubeconfig.ts";

it("decodes the first kubeconfig", () => {
  const value = Buffer.from("kind: Config").toString("base64");
  expect(decodeKubeconfig({ kubeconfigs: [{ value }, { value: "x" }] })).toBe("kind: Config");
});

it.each([{}, { kubeconfigs: [] }, { kubeconfigs: [{}] }])("says so when there is none: %j", (answer) => {
  expect(() => decodeKubeconfig(answer)).toThrow("AKS returned no kubeconfig");
});
