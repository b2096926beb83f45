/**
 * The stand-in for Pulumi's azure-native plugin: started by the engine, which reads the port from the first
 * line of the output. It stands in for a program that can't be had from a package registry; what it does was
 * taken from that program's source (github.com/pulumi/pulumi-azure-native, provider/pkg), and the differences
 * stand in rehearsal/README.md.
 */
import { fstatSync } from "node:fs";
import { servePlugin } from "./server.ts";

const { port } = await servePlugin(process.env);
console.log(port);

// The engine holds a pipe to the plugin's input: when it closes, nobody is left to ask or to end the plugin.
if (fstatSync(0).isFIFO()) {
  process.stdin.resume().on("end", () => process.exit());
}
