/**
 * Pulumi's Node language host, for a CLI that was built from source: upstream's own host is not
 * published as a Go module. It serves the part of the LanguageRuntime service that `pulumi up`,
 * `preview`, `refresh`, `destroy` and `--policy-pack` use, and leaves the real work to the scripts
 * that @pulumi/pulumi ships (`cmd/run`, `cmd/run-policy-pack`, `cmd/run-plugin`).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";

const require = createRequire(import.meta.url);
const language = require("@pulumi/pulumi/proto/language_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const services = require("@pulumi/pulumi/proto/language_grpc_pb.js");

/** How `cmd/run` says that it has already told the user what went wrong. */
const exitCodeBail = 32;

type Message = ReturnType<typeof JSON.parse>;
type Unary = grpc.handleUnaryCall<Message, Message>;
type Streaming = grpc.handleServerStreamingCall<Message, Message>;

let engineAddress = process.argv.at(-1) ?? "";
const children = new Set<ChildProcess>();

const handshake: Unary = (call, done) => {
  engineAddress = call.request.getEngineAddress();
  done(null, new language.LanguageHandshakeResponse());
};

const getPluginInfo: Unary = (_call, done) => {
  const sdk = JSON.parse(readFileSync(require.resolve("@pulumi/pulumi/package.json"), "utf8"));
  const info = new plugin.PluginInfo();
  info.setVersion(sdk.version);
  done(null, info);
};

// The engine finds plugins when the first resource of a type asks for one; nothing is listed ahead.
const getRequiredPackages: Unary = (_call, done) => done(null, new language.GetRequiredPackagesResponse());

const about: Unary = (_call, done) => {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  done(null, response);
};

const run: Unary = (call, done) => {
  const request = call.request;
  const program = request.getInfo();
  const args = [
    resolveFrom(request.getPwd(), "@pulumi/pulumi/cmd/run"),
    "--monitor",
    request.getMonitorAddress(),
    "--engine",
    engineAddress,
    "--organization",
    request.getOrganization(),
    "--project",
    request.getProject(),
    "--stack",
    request.getStack(),
    "--pwd",
    request.getPwd(),
    "--parallel",
    String(request.getParallel()),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    program?.getEntryPoint() || request.getProgram(),
    ...request.getArgsList(),
  ];
  const child = start(args, program?.getProgramDirectory() || request.getPwd(), {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  whenDone(child, (code, failure) => {
    const response = new language.RunResponse();
    if (code === exitCodeBail) {
      response.setBail(true);
    } else if (code !== 0) {
      response.setError(failure ?? `the program ended with exit code ${code}`);
    }
    done(null, response);
  });
};

const runPlugin: Streaming = (call) => {
  const request = call.request;
  const program = request.getInfo();
  const dir = program?.getProgramDirectory() || request.getProgram();
  const script = request.getKind() === "analyzer" ? "run-policy-pack" : "run-plugin";
  // A policy pack expects its own folder as working directory and the engine's address first.
  const isPack = script === "run-policy-pack";
  const args = [
    resolveFrom(dir, `@pulumi/pulumi/cmd/${script}`),
    ...(isPack ? request.getArgsList() : []),
    isPack ? "." : dir,
    ...(isPack ? [] : request.getArgsList()),
  ];
  const env = Object.fromEntries(request.getEnvList().map((entry: string) => splitOnce(entry, "=")));
  const child = start(args, isPack ? dir : request.getPwd(), { ...process.env, ...env });
  const forward = (set: "setStdout" | "setStderr") => (chunk: Buffer) => {
    const response = new language.RunPluginResponse();
    response[set](chunk);
    call.write(response);
  };
  child.stdout?.on("data", forward("setStdout"));
  child.stderr?.on("data", forward("setStderr"));
  call.on("cancelled", () => child.kill("SIGTERM"));
  whenDone(child, (code) => {
    const response = new language.RunPluginResponse();
    response.setExitcode(code);
    call.write(response);
    call.end();
  });
};

const cancel: Unary = (_call, done) => {
  for (const child of children) {
    child.kill("SIGTERM");
  }
  done(null, new (require("google-protobuf/google/protobuf/empty_pb.js").Empty)());
};

function start(args: string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  return child;
}

function whenDone(child: ChildProcess, done: (code: number, failure?: string) => void): void {
  let ended = false;
  const once = (code: number, failure?: string) => {
    if (!ended) {
      ended = true;
      children.delete(child);
      done(code, failure);
    }
  };
  child.on("error", (error) => once(1, error.message));
  child.on("close", (code, signal) =>
    once(code ?? 1, signal ? `the program was ended by ${signal}` : undefined),
  );
}

function resolveFrom(dir: string, module: string): string {
  return createRequire(join(dir, "package.json")).resolve(module);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(services.LanguageRuntimeService, {
  handshake,
  getPluginInfo,
  getRequiredPackages,
  about,
  run,
  runPlugin,
  cancel,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(`pulumi-language-nodejs: ${error.message}`);
    process.exit(1);
  }
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
});

process.on("exit", () => {
  for (const child of children) {
    child.kill("SIGTERM");
  }
});
// The engine holds the other end of this pipe: it closes even when the engine is killed.
process.stdin.on("end", () => process.exit(0)).resume();
// The engine starts plugins in process groups of their own and interrupts each when its work is done.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => process.exit(0));
}
