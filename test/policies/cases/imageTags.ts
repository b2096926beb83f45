import { deploymentOf } from "../fixtures.ts";
import type { Case } from "./case.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

export const cases: Case = {
  rule: "image-tags",
  bad: [
    deploymentOf("image-tags-latest", { image: "mcr.microsoft.com/app:latest" }),
    deploymentOf("image-tags-none", { image: "mcr.microsoft.com/app" }),
  ],
  good: [
    deploymentOf("image-tags", { image: "mcr.microsoft.com/app:1.2.3" }),
    deploymentOf("image-tags-digest", { image: `mcr.microsoft.com/app@${digest}` }),
  ],
};
