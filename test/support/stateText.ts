// Run by plain Node, because vitest rewrites the code that is to be serialised: makes a dynamic resource as a
// program does, takes the provider's text that the engine would store, evaluates it as the dynamic provider's
// process does, and calls the methods named on the command line. Arguments: the class as "file.ts Name",
// below the root; its arguments; the calls. All but the first are JSON. What the methods print comes before.
import { Module } from "node:module";
import * as pulumi from "@pulumi/pulumi";

interface Captured {
  type: string;
  inputs: Record<string, unknown>;
}

const [file = "", className = ""] = (process.argv[2] ?? "").split(" ");
const [args, ...calls] = process.argv.slice(3).map((text) => JSON.parse(text));
const resource = (await import(new URL(`../../${file}`, import.meta.url).href))[className];
const captured = await capture(args);
const text = String(captured.inputs["__provider"]);
const results: unknown[] = [];
for (const [first, ...others] of calls) {
  // "rejected" stands before a call that has to fail, and whose outcome is its error.
  const mustFail = first === "rejected";
  const [method, ...rest] = mustFail ? others : [first, ...others];
  const provider = evaluate(text);
  // "inputs" stands for what the program passed, and a number for the outcome of that call.
  const values = rest.map((each: unknown) =>
    each === "inputs" ? captured.inputs : typeof each === "number" ? propsOf(results[each]) : each,
  );
  const call = provider[method]?.(...values);
  results.push(mustFail ? await errorOf(call) : await call);
}
process.stdout.write(`\n${JSON.stringify({ ...captured, text, results })}`);

async function errorOf(call: Promise<unknown> | undefined): Promise<{ error: string }> {
  const error = await call?.then(
    () => new Error("it didn't fail"),
    (reason: Error) => reason,
  );
  return { error: String(error?.message) };
}

/** The inputs of a check, the outputs of everything else. */
function propsOf(result: unknown): unknown {
  const { inputs, outs, props } = result as { inputs?: unknown; outs?: unknown; props?: unknown };
  return inputs ?? outs ?? props;
}

async function capture(given: unknown): Promise<Captured> {
  const { promise, resolve } = Promise.withResolvers<Captured>();
  await pulumi.runtime.setMocks({
    newResource({ type, inputs }) {
      const plain = Object.entries(inputs).map(([key, value]) => [key, unwrapped(value)]);
      resolve({ type, inputs: Object.fromEntries(plain) });
      return { id: "id", state: inputs };
    },
    call: () => ({}),
  });
  new resource("made", given, {});
  return promise;
}

/** The engine hands secrets to a dynamic provider as they are, and marks them in the state by itself. */
function unwrapped(value: unknown): unknown {
  return pulumi.runtime.isRpcSecret(value) ? pulumi.runtime.unwrapRpcSecret(value) : value;
}

function evaluate(code: string): Record<string, (...args: unknown[]) => Promise<unknown>> {
  const module = new Module("") as Module & { _compile(code: string, name: string): void };
  module._compile(code, "");
  return module.exports.handler();
}
