import { tags } from "../azureFixtures.ts";
import type { Case, Fixture } from "./case.ts";

const group = (name: string, own: object | undefined): Fixture => ({
  name,
  type: "azure-native:resources:ResourceGroup",
  props: { resourceGroupName: name, location: "eastus", ...(own === undefined ? {} : { tags: own }) },
});

export const cases: Case = {
  rule: "required-tags",
  bad: [
    group("required-tags-none", undefined),
    group("required-tags-passed", { ...tags, ttl: "2020-01-31" }),
    group("required-tags-form", { ...tags, ttl: "soon" }),
  ],
  good: [group("required-tags", tags), group("required-tags-day", { ...tags, ttl: "2199-12-31" })],
};
