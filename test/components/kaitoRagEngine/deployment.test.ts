import { describe, expect, it } from "vitest";
import { deploymentPatchSpec, serviceVariables } from "../../../components/kaitoRagEngine/deployment.ts";

const told = { variables: { LOCAL_EMBEDDING_MODEL_ID: "a/b" }, secret: "hf" };

describe("deploymentPatchSpec", () => {
  it("adds variables where KAITO leaves them: not to env, which it writes anew", () => {
    const { spec } = deploymentPatchSpec({ told }, "rag", "rag-embedding").template;
    expect(spec.containers).toEqual([
      {
        name: "rag",
        resources: undefined,
        envFrom: [{ configMapRef: { name: "rag-embedding" } }, { secretRef: { name: "hf" } }],
        volumeMounts: [{ name: "models", mountPath: "/models" }],
      },
    ]);
    expect(spec).toMatchObject({ volumes: [{ name: "models", emptyDir: { sizeLimit: "20Gi" } }] });
  });

  it("keeps models where a container that starts again finds them", () => {
    expect(serviceVariables(told)).toEqual({
      LOCAL_EMBEDDING_MODEL_ID: "a/b",
      LLAMA_INDEX_CACHE_DIR: "/models",
      HF_HOME: "/models/huggingface",
    });
  });

  it("touches nothing else for nodes and resources", () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } };
    const nodeSelector = { "kubernetes.azure.com/mode": "system" };
    expect(deploymentPatchSpec({ resources, nodeSelector }, "rag", "x")).toEqual({
      template: { spec: { nodeSelector, containers: [{ name: "rag", resources }] } },
    });
  });
});
