import {
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

/** What the engine sends to policies in place of a string that is not known yet. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same for an object. */
export const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
/** The same for an array. */
export const unknownArray = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
/** The same for a boolean. */
export const unknownBoolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
/** The same for a number. */
export const unknownNumber = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

type Fields = Record<string, unknown>;
type Said = { message: string; enforcementLevel?: string; urn?: string };

const notApplicable = () => {
  throw new Error("not applicable");
};

/** One line for each thing a policy says: `mandatory: …` at its own level, or `advisory: …`. */
export async function judge(
  policy: ResourceValidationPolicy,
  type: string,
  props: Fields,
  config: object = {},
  name = "x",
  stack = "dev",
): Promise<string[]> {
  const said: string[] = [];
  const report = ({ message, enforcementLevel }: Said) =>
    said.push(`${enforcementLevel ?? policy.enforcementLevel}: ${message}`);
  const validations = [policy.validateResource ?? []].flat();
  for (const validate of validations) {
    await validate(
      {
        type,
        props: unknownCheckingProxy(props),
        urn: urnOf(type, name, stack),
        name,
        opts: {} as never,
        stackTags: new Map(),
        isType: () => false,
        asType: () => undefined,
        getConfig: <T extends object>() => config as T,
        notApplicable,
      },
      report as never,
    );
  }
  return said;
}

/** The first lines of what a policy says: what is wrong, without the advice. */
export async function findings(...args: Parameters<typeof judge>): Promise<string[]> {
  return (await judge(...args)).map((text) => text.split("\n", 1)[0] ?? "");
}

/** A resource of the stack `dev` of the project `mcpaas`, for `judgeStack`. */
export interface Member {
  type: string;
  /** @default "x" */
  name?: string;
  props: Fields;
  /** Names of the members that it depends on. */
  dependsOn?: string[];
}

/** One line for each thing a policy says of a stack: `mandatory <name of the resource>: …`. */
export async function judgeStack(
  policy: StackValidationPolicy,
  members: readonly Member[],
  config: object = {},
  stack = "dev",
): Promise<string[]> {
  const said: string[] = [];
  const report = ({ message, enforcementLevel, urn }: Said) =>
    said.push(`${enforcementLevel ?? policy.enforcementLevel} ${urn?.split("::").at(-1)}: ${message}`);
  const resources = members.map(({ type, name = "x", props }) => ({
    type,
    name,
    urn: urnOf(type, name, stack),
    props: unknownCheckingProxy(props),
    dependencies: [] as unknown[],
  }));
  members.forEach(({ dependsOn = [] }, i) => {
    const found = dependsOn.map((name) => resources.find((resource) => resource.name === name));
    resources[i]?.dependencies.push(...found);
  });
  await policy.validateStack(
    {
      resources: resources as unknown as PolicyResource[],
      stackTags: new Map(),
      getConfig: <T extends object>() => config as T,
      notApplicable,
    },
    report as never,
  );
  return said;
}

/** The first lines of what a policy says of a stack. */
export async function stackFindings(...args: Parameters<typeof judgeStack>): Promise<string[]> {
  return (await judgeStack(...args)).map((text) => text.split("\n", 1)[0] ?? "");
}

/** The URN that both give to a resource. */
export function urnOf(type: string, name: string, stack = "dev"): string {
  return `urn:pulumi:${stack}::mcpaas::${type}::${name}`;
}
