import { pool, poolProps } from "../azureFixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "aks-encryption",
  bad: [pool("aks-encryption", poolProps("clear", { enableEncryptionAtHost: false }))],
  good: [pool("aks-encryption", poolProps("hidden"))],
};
