/**
 * The stand-in for Pulumi's azure-native plugin: started by the engine, which reads the port from the first
 * line of the output. It stands in for a program that can't be had from a package registry; what it does was
 * taken from that program's source (github.com/pulumi/pulumi-azure-native, provider/pkg), and the differences
 * stand in rehearsal/README.md.
 */
import { runPlugin } from "../plugin/server.ts";
import { Provider } from "./provider.ts";

await runPlugin(new Provider(process.env));
