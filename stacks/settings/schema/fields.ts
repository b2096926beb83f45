import { z } from "zod";
import { type Form, QUANTITY } from "../../../components/forms.ts";

declare module "zod" {
  /** What a setting's `.meta` may say; it goes into the settings table and into error messages. */
  interface GlobalMeta {
    /** An example, as it stands in a YAML file. */
    example?: unknown;
    /** Unit of a number. */
    unit?: string;
    /** The allowed values in words, where the schema alone doesn't say it well. */
    allowed?: string;
    /** What is used when the key is left out, where that isn't a fixed value. */
    otherwise?: string;
  }
}

/** A text of a form. */
export const text = ({ pattern, words }: Omit<Form, "example">) =>
  z.string().regex(pattern).meta({ allowed: words });

/** A text by a component's rule, which says what it must be instead. */
export const ruled = (rule: (text: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = rule(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** A region of Azure by its short name. */
export const region = text({
  pattern: /^[a-z]+[a-z0-9]*$/,
  words: "a region's short name: small letters and digits",
});

/** The name of a VM size. */
export const vmSize = text({ pattern: /^(Standard|Basic)_[A-Za-z0-9_-]+$/, words: "a VM size of Azure" });

/** A TCP port. */
export const port = z.int().min(1).max(65535);

/** Requests and limits of a container. */
export const resources = z
  .strictObject({
    requests: z.strictObject({
      cpu: text(QUANTITY).meta({ description: "CPU that is reserved", example: "50m" }),
      memory: text(QUANTITY).meta({ description: "Memory that is reserved", example: "64Mi" }),
    }),
    limits: z.strictObject({
      cpu: text(QUANTITY).optional().meta({ description: "CPU at most", example: "500m", otherwise: "none" }),
      memory: text(QUANTITY).meta({ description: "Memory at most", example: "256Mi" }),
    }),
  })
  .optional()
  .meta({
    description: "Requests and limits of the container",
    example: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    otherwise: "the component's",
  });

/** Parts that a component shares, each with what it means to people. */
export const described = <S extends z.core.$ZodShape>(
  schema: z.ZodObject<S>,
  meanings: { [K in keyof S]: z.GlobalMeta },
): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(schema.shape).map(([key, part]) => [
        key,
        (part as z.ZodType).meta(meanings[key as keyof S]),
      ]),
    ),
  ) as unknown as z.ZodObject<S, z.core.$strict>;

/** A check that tells all it finds, each with its place and what is allowed instead. */
export const failing =
  <T>(check: (value: T) => { path: PropertyKey[]; message: string }[]) =>
  (value: T, context: z.RefinementCtx): void => {
    for (const { path, message } of check(value)) context.addIssue({ code: "custom", path, message });
  };
