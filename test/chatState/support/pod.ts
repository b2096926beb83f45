import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Registered } from "../../support/mocks.ts";
import { installed, openWebUiRoots, programs } from "./programs.ts";

/** A file descriptor on which bubblewrap tells the id of the process that it started. */
const INFO = 3;

/** What became of a container that ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** A container that runs. */
export interface Running {
  ended: Promise<Ended>;
  /** What it has said so far. */
  said(): string;
  /** Runs a command beside its program, as a probe or a hook of it does. */
  exec(command: string[]): Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

// biome-ignore lint/suspicious/noExplicitAny: specifications as they were registered.
type Spec = any;

/**
 * Runs the containers of a pod's specification as they are: their command, environment and files, with the
 * pod's user, nothing writable but its volumes, and a process table of their own. Not so: the programs are
 * this machine's, the network is too, and memory isn't limited.
 */
export class Pod {
  private readonly spec: Spec;
  private readonly dir: string;
  private readonly resources: readonly Registered[];

  /**
   * @param dir where its volumes are; claims are found again by their name
   * @param resources where ConfigMaps and Secrets are looked up
   */
  constructor(spec: Spec, dir: string, resources: readonly Registered[]) {
    this.spec = spec;
    this.dir = dir;
    this.resources = resources;
  }

  /** Runs a container, with more arguments and variables than it has. */
  async start(
    container: Spec,
    more: { args?: string[]; env?: Record<string, string> } = {},
  ): Promise<Running> {
    const env = {
      ...this.variables(container),
      ...more.env,
    };
    const PATH = [...programPaths().folders, "/usr/bin", "/bin"].join(":");
    const sandbox = await this.sandbox(container);
    const command = [...(container.command ?? []), ...(container.args ?? []), ...(more.args ?? [])];
    const child = spawn(programs.bwrap as string, [...sandbox, "--", ...command], {
      env: { PATH, ...env },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const output = outputOf(child);
    const started = text(child.stdio[INFO] as NodeJS.ReadableStream);
    const ended = once(child, "close").then(async ([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output: await output.whole,
    }));
    const pid = Number(/"child-pid": (\d+)/.exec(await started)?.[1]);
    if (!pid) throw new Error(`the sandbox didn't start: ${(await ended).output}`);
    return {
      ended,
      said: output.soFar,
      exec: (args) => execIn(pid, args, { PATH, ...env }),
      kill: (signal) => void (child.exitCode ?? process.kill(pid, signal)),
    };
  }

  /** Runs a container to its end. */
  async run(container: Spec, more: { env?: Record<string, string> } = {}): Promise<Ended> {
    return (await this.start(container, more)).ended;
  }

  private variables({ env, envFrom = [] }: Spec): Record<string, string> {
    const secrets = envFrom.map(({ secretRef }: Spec) => this.found("Secret", secretRef.name).stringData);
    const own = env.map(({ name, value, valueFrom: { secretKeyRef } = {} }: Spec) => [
      name,
      secretKeyRef ? this.found("Secret", secretKeyRef.name).stringData[secretKeyRef.key] : value,
    ]);
    return Object.assign({}, ...secrets, Object.fromEntries(own));
  }

  private found(kind: string, name: string): Spec {
    const all = this.resources.filter(
      ({ type, inputs }) => type.endsWith(`:${kind}`) && inputs.metadata.name === name,
    );
    if (all.length !== 1) throw new Error(`${all.length} of ${kind} ${name}`);
    return (all[0] as Registered).inputs;
  }

  private async sandbox(container: Spec): Promise<string[]> {
    const { runAsUser, runAsGroup } = this.spec.securityContext;
    await mkdir(this.dir, { recursive: true });
    const passwd = join(this.dir, `passwd-${runAsUser}`);
    await writeFile(passwd, `postgres:x:${runAsUser}:${runAsGroup}::/:/bin/sh\n`);
    const mounts = await Promise.all(container.volumeMounts.map((mount: Spec) => this.mount(mount)));
    return [
      ...["--die-with-parent", "--as-pid-1", "--info-fd", String(INFO)],
      ...["--unshare-user", "--unshare-pid", "--unshare-ipc"],
      ...["--uid", String(runAsUser), "--gid", String(runAsGroup), "--cap-drop", "ALL"],
      ...["--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib"],
      ...["--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev"],
      ...["--ro-bind", passwd, "/etc/passwd"],
      ...programPaths().roots.flatMap((root) => ["--ro-bind", root, root]),
      ...mounts.flat(),
      ...["--remount-ro", "/", "--chdir", "/"],
    ];
  }

  private async mount({ name, mountPath, readOnly }: Spec): Promise<string[]> {
    const volume = this.spec.volumes.find((each: Spec) => each.name === name);
    const source = volume.persistentVolumeClaim?.claimName ?? `pod-${name}`;
    const folder = join(this.dir, source);
    await mkdir(folder, { recursive: true });
    const files = volume.configMap
      ? this.found("ConfigMap", volume.configMap.name).data
      : volume.secret && this.found("Secret", volume.secret.secretName).stringData;
    for (const [file, content] of Object.entries(files ?? {})) {
      await writeFile(join(folder, file), content as string);
    }
    return [readOnly ? "--ro-bind" : "--bind", folder, mountPath];
  }
}

/** The folders of this machine's programs, and what has to be there for them to run. */
function programPaths() {
  const found = [programs.postgres, programs.valkey, programs.valkeyCli].filter((path) => path !== undefined);
  const folders = [...new Set(found.map((path) => dirname(realpathSync(path))))];
  const outside = folders
    .filter((folder) => !folder.startsWith("/usr/"))
    .map((folder) => (folder.startsWith(installed) ? installed : dirname(folder)));
  const [python, ...others] = openWebUiRoots();
  return {
    folders: [...(python === undefined ? [] : [join(python, "bin")]), ...folders],
    roots: [...new Set([...outside, ...(python === undefined ? [] : [python]), ...others])],
  };
}

async function execIn(pid: number, command: string[], env: Record<string, string>): Promise<Ended> {
  const args = ["-t", String(pid), "-U", "--preserve-credentials", "-m", "-p", "-i", "--", ...command];
  const child = spawn(programs.nsenter as string, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = outputOf(child);
  const [code, signal] = await once(child, "close");
  return { code, signal, output: await output.whole };
}

function outputOf(child: ChildProcess): { soFar: () => string; whole: Promise<string> } {
  let all = "";
  child.stdout?.on("data", (chunk) => {
    all += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    all += chunk;
  });
  return { soFar: () => all, whole: once(child, "close").then(() => all) };
}
