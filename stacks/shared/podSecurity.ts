import type { PodSecurityExemption } from "../../components/restrictedNamespace.ts";
import type { Settings } from "../settings.ts";

/** The exemption of a namespace as a component takes it; undefined where the settings hold it to "restricted". */
export function exemptionOf(
  { podSecurityExemptions }: Pick<Settings, "podSecurityExemptions">,
  whose: keyof Settings["podSecurityExemptions"],
): PodSecurityExemption | undefined {
  const { standard, reason } = podSecurityExemptions[whose];
  return standard === "restricted" ? undefined : { standard, reason };
}
