import { describe, expect, it } from "vitest";
import { create, diff, read, update } from "../../../components/kaitoTuningJob/provider.ts";
import { fakeSurroundings } from "./fakes.ts";
import {
  exited,
  INITIALIZED,
  JOB,
  JOB_COMPLETE,
  job,
  objects,
  pod,
  TRAINING,
  workspace,
} from "./fixtures.ts";

const UID = workspace().metadata.uid as string;
const IMAGE = "example.azurecr.io:443/adapters/support:0.1.0";
const INPUTS = {
  ...JOB,
  uid: UID,
  apiVersion: "kaito.sh/v1alpha1",
  kubeconfig: "a secret",
  image: IMAGE,
  maxDurationMinutes: 480,
};
const complete = objects([pod({ ...INITIALIZED }, { phase: "Succeeded" })], { job: job(JOB_COMPLETE) });

describe("create", () => {
  it("returns the image by its tag when nobody told the digest, and nothing of the kubeconfig", async () => {
    const around = fakeSurroundings([[0, complete]]);
    const { id, outs } = await create(INPUTS, around);
    expect(id).toBe(UID);
    expect(outs).toEqual({
      ...JOB,
      uid: UID,
      adapterImage: IMAGE,
      completedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(around.closed).toBe(true);
  });

  it("returns the image by its digest when that is known", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const { outs } = await create(
      INPUTS,
      fakeSurroundings([[0, complete]], { pusher: [`Digest: ${digest}`] }),
    );
    expect(outs.adapterImage).toBe(`example.azurecr.io:443/adapters/support@${digest}`);
  });

  it("returns no image for a volume", async () => {
    const { outs } = await create({ ...INPUTS, image: undefined }, fakeSurroundings([[0, complete]]));
    expect(outs).not.toHaveProperty("adapterImage");
  });

  it("lets go of the connection when the job fails", async () => {
    const around = fakeSurroundings([[0, objects([pod({ ...TRAINING, tune: exited(1) })])]]);
    await expect(create(INPUTS, around)).rejects.toThrow("failed while training");
    expect(around.closed).toBe(true);
  });
});

describe("diff", () => {
  const olds = { ...JOB, uid: UID, adapterImage: IMAGE, completedAt: "2026-11-23T06:00:00Z" };

  it.each<[string, object]>([
    ["another kubeconfig", { kubeconfig: "rotated" }],
    ["more time", { maxDurationMinutes: 600 }],
    ["another version of the API", { apiVersion: "kaito.sh/v1beta1" }],
  ])("is not bothered by %s", async (_, change) => {
    expect(await diff("id", olds, { ...INPUTS, ...change })).toMatchObject({ changes: false, replaces: [] });
  });

  it.each<[string, object]>([
    ["another Workspace", { uid: "other" }],
    ["a Workspace that isn't made yet", { uid: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }],
  ])("waits anew for %s", async (_, change) => {
    expect(await diff("id", olds, { ...INPUTS, ...change })).toMatchObject({
      changes: true,
      replaces: ["uid"],
      deleteBeforeReplace: true,
    });
  });
});

it("keeps its state through refresh and update", async () => {
  const state = { ...JOB, uid: UID, adapterImage: IMAGE };
  expect(await read("id", state)).toEqual({ id: "id", props: state });
  expect(await update("id", state, { kubeconfig: "new" })).toEqual({ outs: state });
});
