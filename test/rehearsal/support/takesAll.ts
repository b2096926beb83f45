import type { Plugin } from "../../../rehearsal/providers/plugin/plugin.ts";

/** A plugin that takes every resource as it is given, for programs that are only previewed. */
export function takesAll(name: string, version: string): Plugin {
  const never = (what: string) => async () => {
    throw new Error(`${name}: a preview asks for no ${what}`);
  };
  return {
    name,
    version,
    async configure() {},
    check: async ({ news }) => ({ inputs: news, failures: [] }),
    diff: () => ({ detailed: new Map(), replaces: [], deleteBeforeReplace: false }),
    create: async (_urn, inputs) => ({ id: "", outputs: inputs }),
    read: never("read"),
    update: never("update"),
    delete: never("delete"),
    invoke: never("invoke"),
    cancel() {},
  };
}
