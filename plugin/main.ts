/** Starts the component package for programs in other languages; Pulumi runs it with the engine's address. */
import { main } from "@pulumi/pulumi/provider/index.js";
import { componentsProvider } from "./provider.ts";

await main(componentsProvider(), process.argv.slice(2));
