import type { dynamic } from "@pulumi/pulumi";

/** What the module of a provider exports. */
type ProviderModule = Required<Pick<dynamic.ResourceProvider, "diff" | "create" | "read" | "update">>;

/** What it exports as well when it judges what the program passes, in previews too. */
type CheckingModule = ProviderModule & Required<Pick<dynamic.ResourceProvider, "check">>;

/** What it exports as well when something is to be undone; `delete` is no name for a function. */
type DeletingModule = ProviderModule & { remove: NonNullable<dynamic.ResourceProvider["delete"]> };

/**
 * The provider of a dynamic resource that acts in a module of `components`, and does nothing when the resource is
 * deleted.
 *
 * The engine stores the text of these methods in the state and evaluates it in a process of its own, as CommonJS. So
 * they only pass on to the project's code: nothing but the module's name is captured, no library path is frozen into
 * the state, and a fix works for the resources that exist.
 *
 * @typeParam Module the module's type, as `typeof import("./x/provider.ts")`
 * @param module its path below `components`, without ".ts"
 */
export function thinProvider<Module extends ProviderModule>(module: string): dynamic.ResourceProvider {
  return passingOn<Module>(module).methods;
}

/** The same for a module that also checks. */
export function thinCheckingProvider<Module extends CheckingModule>(
  module: string,
): dynamic.ResourceProvider {
  const { methods, load } = passingOn<Module>(module);
  return {
    ...methods,
    async check(olds, news) {
      return load().check(olds, news);
    },
  };
}

/** The same for a module with `remove`, which undoes what the resource did. */
export function thinDeletingProvider<Module extends DeletingModule>(
  module: string,
): dynamic.ResourceProvider {
  const { methods, load } = passingOn<Module>(module);
  return {
    ...methods,
    async delete(id, props) {
      return load().remove(id, props);
    },
  };
}

function passingOn<Module extends ProviderModule>(module: string) {
  function load(): Module {
    const { createRequire } = process.getBuiltinModule("node:module");
    return createRequire(`${process.cwd()}/package.json`)(`mcpaas/${module}`);
  }
  const methods: dynamic.ResourceProvider = {
    async diff(id, olds, news) {
      return load().diff(id, olds, news);
    },
    async create(inputs) {
      return load().create(inputs);
    },
    async read(id, props) {
      return load().read(id, props);
    },
    async update(id, olds, news) {
      return load().update(id, olds, news);
    },
    async delete() {},
  };
  return { methods, load };
}
