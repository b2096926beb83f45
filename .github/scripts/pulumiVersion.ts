/** Says which Pulumi CLI fits the SDK that package.json has. */
import manifest from "../../package.json" with { type: "json" };
import { output } from "./output.ts";

output({ pulumi: manifest.dependencies["@pulumi/pulumi"] });
