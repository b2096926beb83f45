import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Reply, startApiServer } from "./apiServer.ts";
import { exited, INITIALIZED, JOB, JOB_COMPLETE, job, pod, TRAINING, workspace } from "./fixtures.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../support/stateText.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const uid = workspace().metadata.uid as string;
const digest = `sha256:${"ab".repeat(32)}`;

/** Evaluates the provider's text against an API server that answers so. */
async function stateText(replies: Record<string, Reply>, ...calls: unknown[][]) {
  const server = await startApiServer({
    "/apis/kaito.sh/v1alpha1/namespaces/models/workspaces/tune": { body: workspace() },
    ...replies,
  });
  try {
    const args = {
      ...JOB,
      uid,
      kubeconfig: server.kubeconfig,
      apiVersion: "kaito.sh/v1alpha1",
      image: "example.azurecr.io/adapters/support:0.1.0",
      maxDurationMinutes: 1,
    };
    const resource = "components/kaitoTuningJob/completion.ts TuningCompletion";
    const argv = [program, resource, ...[args, ...calls].map((each) => JSON.stringify(each))];
    const { stdout } = await run(process.execPath, argv, { cwd: root });
    return { ...JSON.parse(stdout.slice(stdout.lastIndexOf("\n"))), said: stdout };
  } finally {
    await server.close();
  }
}

const PODS = "/api/v1/namespaces/models/pods";

describe("the provider's text in the state", () => {
  it("waits for a job through all its methods, and captures nothing", async () => {
    const { type, inputs, text, results, said } = await stateText(
      {
        "/apis/batch/v1/namespaces/models/jobs/tune": { body: job(JOB_COMPLETE) },
        [PODS]: { body: { items: [pod(INITIALIZED, { phase: "Succeeded" })] } },
        [`${PODS}/tune-hf576/log`]: { body: `Digest: ${digest}\n+ resume\n` },
      },
      ["create", "inputs"],
      ["diff", uid, { ...JOB, uid }, "inputs"],
      ["read", uid, { kept: true }],
      ["update", uid, { kept: true }, "inputs"],
      ["delete", uid, "inputs"],
    );
    expect(type).toBe("pulumi-nodejs:dynamic/mcpaas:TuningCompletion");
    const [created, diffed, read, updated] = results;
    expect(created).toMatchObject({
      id: uid,
      outs: { ...JOB, uid, adapterImage: `example.azurecr.io/adapters/support@${digest}` },
    });
    expect(diffed).toMatchObject({ changes: false });
    expect(read).toEqual({ id: uid, props: { kept: true } });
    expect(updated).toEqual({ outs: { kept: true } });
    expect(said).toContain("tuning job models/tune: done after 0 min");

    // The text is the same on every machine and holds no secret, no path and no library.
    expect(inputs.kubeconfig).toContain("sesame");
    expect(text).not.toContain("sesame");
    expect(text).not.toContain(root);
    expect(text.match(/require\(|createRequire\(/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(4000);
  }, 30_000);

  it("fails with where the job was", async () => {
    const { results } = await stateText(
      {
        "/apis/batch/v1/namespaces/models/jobs/tune": { body: job() },
        [PODS]: { body: { items: [pod({ ...TRAINING, tune: exited(1) })] } },
        [`${PODS}/tune-hf576/log`]: { body: "CUDA out of memory\n" },
      },
      ["rejected", "create", "inputs"],
    );
    expect(results[0].error).toContain("tuning job models/tune failed while training, after 0 min");
    expect(results[0].error).toContain("  CUDA out of memory\n");
  }, 30_000);
});
