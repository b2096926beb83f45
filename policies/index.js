import { existsSync } from "node:fs";

// JavaScript, because Pulumi would hand a .ts entry file to ts-node. In a checkout Node runs the TypeScript itself;
// the npm package has it compiled, because Node runs no TypeScript below node_modules. Not awaited: Pulumi loads
// this file by require, which takes no module that waits; what goes wrong still ends the process, with its message.
import(existsSync(new URL("pack.ts", import.meta.url)) ? "./pack.ts" : "./dist/policies/pack.js");
