import { PolicyPack } from "@pulumi/policy";
import { configuration } from "./lib/configuration.ts";
import { rules } from "./rules.ts";

const names = rules.map(({ name }) => name);
new PolicyPack("mcpaas", { policies: rules }, configuration(names, new URL("config.json", import.meta.url)));
