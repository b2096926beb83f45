import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { repository } from "../../rehearsal/workspace.ts";

it.each(["azure-native", "docker"])("the plugin %s tells its port as the engine reads it", async (name) => {
  const child = spawn(join(repository, "rehearsal", "bin", `pulumi-resource-${name}`), [], {
    // Set by people and by CI; it colours what is printed, also into a pipe.
    env: { PATH: process.env["PATH"], FORCE_COLOR: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  expect(line).toMatch(/^\d+$/);
});
