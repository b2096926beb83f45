import { describe, expect, test } from "vitest";
import { platform, workspace } from "../support/objects.ts";
import {
  about,
  ago,
  cause,
  causesOf,
  commandsOf,
  evidenceOf,
  type Scene,
  together,
} from "../support/snapshots.ts";

const leaving = (minutes: number) =>
  workspace("phi", {
    metadata: { deletionTimestamp: ago(minutes), finalizers: ["workspace.finalizer.kaito.sh"] },
  });

describe("being deleted", () => {
  test("without a controller that takes the finalizer away", () => {
    const subject = about("workspace/phi", { objects: { workspaces: [leaving(30)], nodes: [] } });
    expect(subject.line).toBe("is being deleted, since 30 min");
    // That it has no node doesn't matter any more.
    expect(causesOf(subject)).toEqual(["controller-missing", "finalizer-stuck"]);
    expect(cause("finalizer-stuck", subject).summary).toContain(
      "held by the finalizer workspace.finalizer.kaito.sh",
    );
    // Its webhook, which would have to approve of the change, is gone as well.
    const byHand = commandsOf("finalizer-stuck", subject).at(-1);
    expect(byHand).toMatch(
      /^kubectl delete validatingwebhookconfiguration .*; kubectl -n models patch workspace phi /,
    );
  });

  test("with a controller, and stuck", () => {
    const claim = { metadata: { name: "ws123", labels: { "kaito.sh/workspace": "phi" } } };
    const scene = together(platform, { objects: { workspaces: [leaving(30)], nodeclaims: [claim] } });
    const subject = about("workspace/phi", scene);
    expect(causesOf(subject)).toEqual(["finalizer-stuck"]);
    expect(evidenceOf("finalizer-stuck", subject)).toContain("nodeclaim ws123 | is still there");
    expect(commandsOf("finalizer-stuck", subject)).toEqual(["kubectl -n models describe workspace phi"]);
  });

  test("for a moment", () => {
    const subject = about("workspace/phi", together(platform, { objects: { workspaces: [leaving(1)] } }));
    expect(cause("finalizer-stuck", subject).summary).toBe("It is being deleted, since 60 s.");
  });
});

test("its namespace is being deleted", () => {
  const namespace = {
    metadata: { name: "models", deletionTimestamp: ago(10) },
    status: {
      phase: "Terminating",
      conditions: [
        {
          type: "NamespaceFinalizersRemaining",
          status: "True",
          message:
            "Some content in the namespace has finalizers remaining: workspace.finalizer.kaito.sh in 1 resource instances",
        },
      ],
    },
  };
  const scene: Scene = together(platform, {
    objects: { workspaces: [workspace()], namespaces: [namespace] },
  });
  const subject = about("workspace/phi", scene);
  expect(causesOf(subject)).toEqual(["namespace-terminating"]);
  expect(evidenceOf("namespace-terminating", subject)).toContain("finalizers remaining");
});
