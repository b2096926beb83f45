import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

export const cases: Case = {
  rule: "allowed-registries",
  bad: [
    deploymentOf("allowed-registries-docker-hub", { image: "node:24.1.0" }),
    deploymentOf("allowed-registries-lookalike", { image: "mcr.microsoft.com.example/app:1.2.3" }),
  ],
  good: [deploymentOf("allowed-registries", { image: "own.azurecr.io/team/app:1.2.3" })],
};
