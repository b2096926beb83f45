import { isRegistry } from "../lib/azure.ts";
import { rule } from "../lib/rule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

/** Azure container registries let nobody pull who hasn't signed in. */
export const acrAnonymousPullOff = rule<object>({
  name: "acr-anonymous-pull-off",
  displayName: "ACR anonymous pull off",
  severity: "high",
  demands: "A container registry lets only those pull who have signed in.",
  why:
    "Anonymous pull opens every repository, those to come included, to whoever finds the registry's name, and " +
    "what is baked into images with it.",
  fix: "Set anonymousPullEnabled: false, and give AcrPull to whatever pulls.",
  config: {},
  applies: isRegistry,
  check({ props }, _config, found) {
    const enabled = dig(props, "anonymousPullEnabled");
    if (enabled instanceof Unknown) return found.unknown(enabled);
    // Azure's default is off.
    if (enabled !== undefined && enabled !== false) {
      found.violation(`Anybody may pull from the registry (anonymousPullEnabled is ${enabled}).`);
    }
  },
});
