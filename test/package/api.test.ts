import { expect, test } from "vitest";
import { checkReference } from "../../package/api.ts";

// typedoc reads all components and what they import, which takes a while.
test("docs/api is what the doc comments say, and everything public has one", {
  timeout: 300_000,
}, async () => {
  expect(await checkReference()).toEqual([]);
});
