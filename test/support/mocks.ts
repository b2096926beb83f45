import * as pulumi from "@pulumi/pulumi";
import { recordTransforms } from "./transforms.ts";

/** What the engine would be told about one resource. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs as they arrive: secrets unwrapped, unknown values as {@link UNKNOWN}. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reaches into whatever shape the resource has.
  readonly inputs: any;
  /** Paths of the inputs that arrived as secrets, such as "kubeconfig". */
  readonly secretInputs: readonly string[];
  /** Outputs that the engine is to treat as secrets whatever the provider says. */
  readonly additionalSecretOutputs: readonly string[];
  /** Names of everything it depends on: through dependsOn, or because an input comes from it. */
  readonly dependencies: readonly string[];
  /** The urns of its dependencies, its parent and its provider. */
  readonly needed: readonly string[];
  readonly parent: string | undefined;
  readonly provider: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Types of which it may have been until now. */
  readonly formerTypes: readonly string[];
  /** Name of what it isn't deleted by itself with. */
  readonly deletedWith: string | undefined;
  /** Names of what it is replaced together with. */
  readonly replaceWith: readonly string[];
  readonly customTimeouts: { create: string; update: string; delete: string } | undefined;
  /** What the engine would call for this resource and for everything below it. */
  readonly transforms: readonly pulumi.ResourceTransform[];
}

/** What the engine sends in place of a value that it doesn't know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a provider would answer: the outputs besides the inputs, by type, and the results of its functions. */
export interface Answers {
  // biome-ignore lint/suspicious/noExplicitAny: as loosely typed as the SDK's own mocks.
  outputs?: Record<string, (inputs: any) => Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: as loosely typed as the SDK's own mocks.
  calls?: Record<string, (inputs: any) => Record<string, unknown>>;
  /** Types whose id and outputs are known in preview too. */
  knownInPreview?: readonly string[];
  /** Types of which a preview says nothing at all, because their provider can't be configured yet. */
  nothingInPreview?: RegExp;
}

const GUARD_MS = 20_000;
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Runs a program against mocks, once everything that it registers has arrived. A component that is part of the
 * result has the urns of all its children awaited, so that one that never registers fails the test by name.
 */
export async function runWithMocks<T>(
  program: () => T,
  answers: Answers,
  options: { preview?: boolean; project?: string; stack?: string } = {},
): Promise<{ result: T; resources: Registered[]; find: (type: string, name?: string) => Registered }> {
  const preview = options.preview ?? false;
  const known = (type: string) => !preview || (answers.knownInPreview?.includes(type) ?? false);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: known(type) ? `${name}-id` : undefined,
        state:
          preview && answers.nothingInPreview?.test(type)
            ? {}
            : { ...inputs, ...(known(type) ? answers.outputs?.[type]?.(inputs) : {}) },
      }),
      call: ({ token, inputs }) => {
        const answer = answers.calls?.[token];
        if (answer === undefined) throw new Error(`no answer for ${token}`);
        return answer(inputs);
      },
    },
    options.project ?? "mcpaas",
    options.stack ?? "dev",
    preview,
  );
  const transformsOf = recordTransforms();
  const resources: Registered[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's types know the real monitor only.
  const monitor = pulumi.runtime.getMonitor() as any;
  const register = monitor.registerResource.bind(monitor);
  // biome-ignore lint/suspicious/noExplicitAny: a protobuf request.
  monitor.registerResource = async (request: any, callback: (error: unknown, response: any) => void) => {
    // biome-ignore lint/suspicious/noExplicitAny: a protobuf response.
    await register(request, (error: unknown, response: any) => {
      if (!error) {
        const transforms = transformsOf(request);
        resources.push({ ...registered(request, response.getUrn()), transforms });
      }
      callback(error, response);
    });
  };

  let result: T;
  try {
    result = program();
  } finally {
    // Also after an error: what was registered before it must not arrive at the next test's monitor.
    // biome-ignore lint/suspicious/noExplicitAny: there is no public way to wait for everything.
    await guarded((pulumi.runtime as any).waitForRPCs(true), "the program's registrations");
  }
  if (result instanceof pulumi.Resource) await settled(result);

  const find = (type: string, name?: string): Registered => {
    const found = resources.filter((r) => r.type === type && (name === undefined || r.name === name));
    if (found.length !== 1) {
      const present = resources.map((r) => `${r.type} ${r.name}`).join("\n  ");
      throw new Error(`${found.length} resources are ${type} ${name ?? ""}, of:\n  ${present}`);
    }
    return found[0] as Registered;
  };
  return { result, resources, find };
}

/** The value of an Output, or an error when it doesn't come. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return guarded(
    new Promise<T>((resolve) => {
      output.apply(resolve);
    }),
    "an output",
  );
}

/** The error with which an Output fails. Takes note of it everywhere in the Output, so that nothing is unhandled. */
export async function failureOf(output: pulumi.Output<unknown>): Promise<unknown> {
  const internals = output as unknown as {
    promise(): Promise<unknown>;
    allResources(): Promise<unknown>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
  };
  const parts = [internals.promise(), internals.isKnown, internals.isSecret, internals.allResources()];
  const [value] = await guarded(Promise.allSettled(parts), "the failure of an output");
  if (value?.status === "rejected") return value.reason;
  throw new Error(`the output has a value: ${JSON.stringify(value?.value)}`);
}

/**
 * Whether `later` is made after `earlier` and deleted before it. As in the engine a resource needs what it depends
 * on, its provider, and its parent with all that the parent needs: a child waits for its parent's registration,
 * and a parent is deleted after its children.
 */
export function needs(resources: readonly Registered[], later: Registered, earlier: Registered): boolean {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const reached = new Set<string>();
  const queue = [later.urn];
  for (const urn of queue) {
    if (reached.has(urn)) continue;
    reached.add(urn);
    const resource = byUrn.get(urn);
    queue.push(...(resource?.needed ?? []));
  }
  return later.urn !== earlier.urn && reached.has(earlier.urn);
}

/** Awaits the urn of a resource and, level by level, of everything below it. */
async function settled(resource: pulumi.Resource): Promise<void> {
  const internals = resource as unknown as { __childResources?: Set<pulumi.Resource>; __name: string };
  await guarded(urnOf(resource), `the urn of ${internals.__name}`);
  for (const child of internals.__childResources ?? []) await settled(child);
}

function urnOf(resource: pulumi.Resource): Promise<string> {
  return (resource.urn as unknown as { promise(): Promise<string> }).promise();
}

function guarded<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const guard = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${GUARD_MS} ms`)), GUARD_MS);
  });
  return Promise.race([promise, guard]).finally(() => clearTimeout(timer));
}

// biome-ignore lint/suspicious/noExplicitAny: a protobuf request.
function registered(request: any, urn: string): Omit<Registered, "transforms"> {
  const secretInputs: string[] = [];
  const inputs = plain(request.getObject()?.toJavaScript() ?? {}, "", secretInputs);
  const timeouts = request.getCustomtimeouts();
  // A provider is named by its urn and its id.
  const providerUrn: string = request.getProvider().split("::").slice(0, -1).join("::");
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    inputs,
    secretInputs,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    dependencies: request.getDependenciesList().map(nameOf),
    needed: [...request.getDependenciesList(), request.getParent(), providerUrn].filter(Boolean),
    parent: request.getParent() ? nameOf(request.getParent()) : undefined,
    provider: providerUrn ? nameOf(providerUrn) : undefined,
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    formerTypes: request.getAliasesList().map(formerTypeOf).filter(Boolean),
    deletedWith: request.getDeletedwith() ? nameOf(request.getDeletedwith()) : undefined,
    replaceWith: request.getReplaceWithList().map(nameOf),
    customTimeouts: timeouts && {
      create: timeouts.getCreate(),
      update: timeouts.getUpdate(),
      delete: timeouts.getDelete(),
    },
  };
}

function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  if (Object.values(value).includes(SECRET_SIGNATURE) && "value" in value) {
    secrets.push(path);
    return plain(value.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain(item, path ? `${path}.${key}` : key, secrets)]),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a protobuf alias, of which some have a URN instead.
function formerTypeOf(alias: any): string | undefined {
  return alias.getSpec()?.getType();
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) as string;
}
