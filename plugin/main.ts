/** Starts the component package for programs in other languages; Pulumi runs it with the engine's address. */
import { main } from "@pulumi/pulumi/provider/index.js";
import { componentsProvider } from "./provider.ts";

// Not awaited: Pulumi loads this file with require(), which takes no module that waits at its top.
void main(componentsProvider(), process.argv.slice(2));
