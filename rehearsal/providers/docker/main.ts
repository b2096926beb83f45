/**
 * The stand-in for Pulumi's docker plugin: started by the engine, in place of the real one wherever that is installed.
 * The real one has Docker's daemon push, which would look for the stack's registry in the real Azure; and it can't
 * do without a daemon. The differences stand in rehearsal/README.md.
 */
import { engineLog } from "../../../components/dynamic/engineLog.ts";
import { builderVariable } from "../../builder.ts";
import { runPlugin } from "../plugin/server.ts";
import { buildFromFiles, buildWithDocker } from "./build.ts";
import { Provider } from "./provider.ts";

const { env } = process;
const log = engineLog();
await runPlugin(
  env[builderVariable] === "docker"
    ? new Provider({ env, log, build: buildWithDocker })
    : new Provider({
        env,
        log,
        build: buildFromFiles,
        notice:
          "No Docker answers on this machine: images are made of the files that their Dockerfiles copy. Base images " +
          "and RUN steps are left out, so these images show the way to the registry and can't run.",
      }),
);
