import { describe, expect, test } from "vitest";
import { logged, runs } from "../support/model.ts";
import { ended } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, together } from "../support/snapshots.ts";

describe("out of memory", () => {
  test("of the container", () => {
    const spec = { containers: [{ name: "phi", resources: { limits: { memory: "8Gi" } } }] };
    const subject = about("workspace/phi", runs([ended("phi", 137, "OOMKilled")], { spec }));
    expect(causesOf(subject)).toEqual(["out-of-memory"]);
    expect(cause("out-of-memory", subject).summary).toContain("more memory than its limit of 8Gi");
    expect(evidenceOf("out-of-memory", subject)).toContain("OOMKilled, exit code 137 | 4");
  });

  test.each([
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.50 GiB. GPU 0 has a total capacity of 21.98 GiB",
    "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.",
    "ValueError: To serve at least one request with the models's max seq len (131072), (16.00 GiB KV cache is needed, which is larger than the available KV cache memory (5.59 GiB).",
  ])("of the GPU: %s", (line) => {
    const subject = about(
      "workspace/phi",
      together(runs([ended("phi", 1)]), logged("INFO start", line, "INFO exit")),
    );
    expect(causesOf(subject)).toEqual(["gpu-memory"]);
    expect(evidenceOf("gpu-memory", subject)).toContain(line);
    expect(cause("gpu-memory", subject).next[0]?.text).toContain("mcpaas:models.phi.config.maxModelLength");
  });
});
