import { type ResourceValidationPolicy, unknownCheckingProxy } from "@pulumi/policy";

/** What the engine sends to policies in place of a string that is not known yet. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The same for an object. */
export const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
/** The same for an array. */
export const unknownArray = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
/** The same for a boolean. */
export const unknownBoolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";

/** One line for each thing a policy says: `mandatory: …` at its own level, or `advisory: …`. */
export async function judge(
  policy: ResourceValidationPolicy,
  type: string,
  props: Record<string, unknown>,
  config: object = {},
): Promise<string[]> {
  const said: string[] = [];
  const report = ({ message, enforcementLevel }: { message: string; enforcementLevel?: string }) =>
    said.push(`${enforcementLevel ?? policy.enforcementLevel}: ${message}`);
  const validations = [policy.validateResource ?? []].flat();
  for (const validate of validations) {
    await validate(
      {
        type,
        props: unknownCheckingProxy(props),
        urn: `urn:pulumi:dev::mcpaas::${type}::x`,
        name: "x",
        opts: {} as never,
        stackTags: new Map(),
        isType: () => false,
        asType: () => undefined,
        getConfig: <T extends object>() => config as T,
        notApplicable: () => {
          throw new Error("not applicable");
        },
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
