// Run by plain Node, because vitest rewrites the code that is to be serialised: makes a VmSkuSelection
// as a program does, takes the provider's text that the engine would store, evaluates it as the
// dynamic provider's process does, and calls the methods named on the command line.
import { Module } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { VmSkuSelection, type VmSkuSelectionArgs } from "../../../components/vmSkuSelection.ts";

interface Captured {
  type: string;
  inputs: Record<string, unknown>;
}

const [args, ...calls] = process.argv.slice(2).map((text) => JSON.parse(text));
const captured = await capture(args);
const text = String(captured.inputs["__provider"]);
const results: unknown[] = [];
for (const [method, ...rest] of calls) {
  const provider = evaluate(text);
  // "inputs" stands for what the program passed.
  results.push(
    await provider[method]?.(...rest.map((each: unknown) => (each === "inputs" ? captured.inputs : each))),
  );
}
process.stdout.write(JSON.stringify({ ...captured, text, results }));

async function capture(given: VmSkuSelectionArgs): Promise<Captured> {
  const { promise, resolve } = Promise.withResolvers<Captured>();
  await pulumi.runtime.setMocks({
    newResource({ type, inputs }) {
      resolve({ type, inputs });
      return { id: "id", state: inputs };
    },
    call: () => ({}),
  });
  new VmSkuSelection("sizes", given);
  return promise;
}

function evaluate(code: string): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const module = new Module("") as Module & { _compile(code: string, name: string): void };
  module._compile(code, "");
  return module.exports.handler();
}
