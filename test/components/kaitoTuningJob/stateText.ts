// Run by plain Node, because vitest rewrites the code that is to be serialised: makes a TuningCompletion as a
// program does, takes the provider's text that the engine would store, evaluates it as the dynamic provider's
// process does, and calls the methods named on the command line.
import { Module } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import {
  TuningCompletion,
  type TuningCompletionArgs,
} from "../../../components/kaitoTuningJob/completion.ts";

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
  const call = provider[method]?.(
    ...rest.map((each: unknown) => (each === "inputs" ? captured.inputs : each)),
  );
  results.push(await call?.catch((error: Error) => ({ error: error.message })));
}
process.stdout.write(`\n${JSON.stringify({ ...captured, text, results })}`);

async function capture(given: TuningCompletionArgs): Promise<Captured> {
  const { promise, resolve } = Promise.withResolvers<Captured>();
  await pulumi.runtime.setMocks({
    newResource({ type, inputs }) {
      resolve({
        type,
        inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, unwrapped(value)])),
      });
      return { id: "id", state: inputs };
    },
    call: () => ({}),
  });
  new TuningCompletion("completion", given);
  return promise;
}

/** The engine hands secrets to a dynamic provider as they are, and marks them in the state by itself. */
function unwrapped(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

function evaluate(code: string): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const module = new Module("") as Module & { _compile(code: string, name: string): void };
  module._compile(code, "");
  return module.exports.handler();
}
