import { registry } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

const open = { publicNetworkAccess: "Enabled", policies: undefined };
const everybody = { defaultAction: "Deny", ipRules: [{ action: "Allow", iPAddressOrRange: "0.0.0.0/0" }] };
const office = { defaultAction: "Deny", ipRules: [{ action: "Allow", iPAddressOrRange: "203.0.113.0/24" }] };

export const cases: Case = {
  rule: "acr-network",
  bad: [
    ...registry("acr-network-open", open),
    ...registry("acr-network-everybody", { ...open, networkRuleSet: everybody }),
  ],
  good: [
    ...registry("acr-network-closed"),
    ...registry("acr-network-office", { ...open, networkRuleSet: office }),
  ],
};
