import type { Container } from "./containers.ts";
import type { ConfigSchema } from "./facts.ts";
import { glob } from "./glob.ts";
import { dig } from "./unknown.ts";

/** What a program may do for good, by what it is: no exemption, which expires. */
export interface ProgramAllowance {
  /** The image that it runs from, tag included; `*` stands for any characters. */
  image: string;
  /** What it may do, where the rule tells several things apart; `*` stands for any characters. @default all of it */
  value?: string;
  /** Why it can't be otherwise. */
  reason: string;
}

/** The schema of a list of allowances for programs, with those that hold where nothing is configured. */
export function programsSchema(
  allowances: ProgramAllowance[],
  value = "not used here",
): ConfigSchema & { default: ProgramAllowance[] } {
  return {
    type: "array",
    items: {
      type: "object",
      properties: {
        image: { type: "string", pattern: "[^*]" },
        value: { type: "string", minLength: 1 },
        reason: { type: "string", minLength: 10 },
      },
      required: ["image", "reason"],
      additionalProperties: false,
    },
    default: allowances,
    description:
      `Programs whose work needs what the rule forbids: image (with tag; * stands for any characters), value ` +
      `(${value}), reason. What is configured takes the place of the default.`,
  };
}

/** Whether a container's program may. An image that isn't known is nobody's. */
export function isAllowedProgram(
  allowances: readonly ProgramAllowance[],
  { fields }: Container,
  value?: string,
): boolean {
  const image = dig(fields, "image");
  if (typeof image !== "string") return false;
  return allowances.some(
    (each) =>
      glob(each.image).test(image) &&
      (value === undefined || each.value === undefined || glob(each.value).test(value)),
  );
}

/** Images of programs whose work is the node itself, which AKS and KAITO put on GPU nodes. */
export const NODE_PROGRAMS = {
  devicePlugin: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:*",
  /** NVIDIA's own device plugin, which is its GPU feature discovery too. */
  gpuFeatureDiscovery: "nvcr.io/nvidia/k8s-device-plugin:*",
  nodeFeatureDiscovery: "registry.k8s.io/nfd/node-feature-discovery:*",
  dcgmExporter: "nvcr.io/nvidia/k8s/dcgm-exporter:*",
} as const;
