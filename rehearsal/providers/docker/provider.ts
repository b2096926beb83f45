import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import type { DecisionLog } from "../../../components/dynamic/engineLog.ts";
import { type CheckRequest, type Diff, type Plugin, type State, typeOf } from "../plugin/plugin.ts";
import { compareObjects, hasUnknown, type Properties } from "../plugin/values.ts";
import type { Builder } from "./build.ts";
import { readContext } from "./context.ts";
import { canBuild, imageInputs, objectAt } from "./inputs.ts";

const imageType = "docker:index/image:Image";
const version = createRequire(import.meta.url)("@pulumi/docker/package.json").version as string;

/** How the engine writes a secret. Source: pulumi's sdk/go/common/resource/properties.go */
const secret = (value: Properties) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/**
 * The plugin's operations. What they do was taken from provider/provider.go and provider/image.go of
 * github.com/pulumi/pulumi-docker: what makes a difference, what a preview knows, and what stays in the state.
 */
export class Provider implements Plugin {
  readonly name = "docker";
  readonly version = version;
  readonly #env: NodeJS.ProcessEnv;
  readonly #build: Builder;
  readonly #log: DecisionLog;
  #notice: string | undefined;
  readonly #cancelled = new AbortController();

  /**
   * @param notice what is said once, before the first image is built.
   */
  constructor(options: { env: NodeJS.ProcessEnv; build: Builder; log: DecisionLog; notice?: string }) {
    this.#env = options.env;
    this.#build = options.build;
    this.#log = options.log;
    this.#notice = options.notice;
  }

  async configure(): Promise<void> {}

  /** Fills in defaults, and the digest of the context: its change is what makes a build due. */
  async check({ urn, news }: CheckRequest) {
    mustBeImage(urn);
    const inputs: Properties = { ...news, buildOnPreview: news["buildOnPreview"] === true };
    const { context, dockerfile, imageName, server, skipPush, cacheFrom } = imageInputs(news);
    const build: Properties = { ...objectAt(news, "build") };
    inputs["build"] = build;
    if (!hasUnknown(build["context"])) {
      build["context"] = context;
    }
    if (!hasUnknown(build["dockerfile"])) {
      build["dockerfile"] = dockerfile;
      await mustBeThere(context, dockerfile);
      build["contextDigest"] = (await readContext(context, dockerfile)).digest;
    }
    if (build["platform"] === undefined) {
      build["platform"] = `linux/${{ x64: "amd64" }[process.arch as "x64"] ?? process.arch}`;
      await this.#log.info(`Building for ${build["platform"]}; set build.platform to build for another.`);
    }
    const named = imageName !== "" && server === "" && (!skipPush || cacheFrom.length > 0);
    if (named && !/^([^/]*[.:][^/]*|localhost)\//.test(imageName)) {
      throw new Error(`"${imageName}" has to begin with its registry, because registry.server isn't given`);
    }
    return { inputs, failures: [] };
  }

  /** As in the plugin, another user name or password is no difference, and nothing replaces an image. */
  diff(urn: string, _oldInputs: Properties, news: Properties, olds: Properties): Diff {
    mustBeImage(urn);
    const change = compareObjects(objectAt(olds, "__inputs"), news);
    const detailed: Diff["detailed"] = new Map();
    for (const key of change.added) {
      detailed.set(key, "ADD");
    }
    for (const key of change.deleted) {
      detailed.set(key, "DELETE");
    }
    for (const [key, value] of change.updated) {
      if (key !== "registry" || value.kind !== "object" || value.members.updated.has("server")) {
        detailed.set(key, "UPDATE");
      }
    }
    return { detailed, replaces: [], deleteBeforeReplace: false };
  }

  async create(urn: string, inputs: Properties, _timeout: number, preview: boolean): Promise<State> {
    mustBeImage(urn);
    const outputs = await this.#made(inputs, preview);
    return { id: preview ? "" : String(inputs["imageName"]), outputs };
  }

  async update(
    urn: string,
    inputs: Properties,
    _outputs: Properties,
    _timeout: number,
    preview: boolean,
  ): Promise<Properties> {
    mustBeImage(urn);
    return this.#made(inputs, preview);
  }

  /** What the state says: the plugin asks nobody. */
  async read(urn: string, id: string, olds: { inputs: Properties | undefined; outputs: Properties }) {
    mustBeImage(urn);
    return { id, outputs: olds.outputs, inputs: olds.inputs ?? {} };
  }

  /** The image stays in the registry. */
  async delete(): Promise<void> {}

  async invoke(token: string): Promise<Properties> {
    throw new Error(unsupported(token));
  }

  cancel(): void {
    this.#cancelled.abort(new Error("the update was cancelled"));
  }

  /** A preview builds when it is told to and knows enough, and never pushes. */
  async #made(inputs: Properties, preview: boolean): Promise<Properties> {
    if (preview && !(inputs["buildOnPreview"] === true && canBuild(inputs))) {
      return inputs;
    }
    this.#cancelled.signal.throwIfAborted();
    if (this.#notice !== undefined) {
      const notice = this.#notice;
      this.#notice = undefined;
      await this.#log.warn(notice);
    }
    const image = imageInputs(inputs);
    const { imageName, context, dockerfile, server, platform, skipPush } = image;
    const run = { env: this.#env, signal: this.#cancelled.signal };
    const repoDigest = await this.#build(image, skipPush || preview, run);
    return {
      dockerfile: (await readContext(context, dockerfile)).dockerfilePath,
      ...{ context, imageName, platform, repoDigest },
      baseImageName: imageName,
      registryServer: server,
      __inputs: secret(inputs),
    };
  }
}

async function mustBeThere(context: string, dockerfile: string): Promise<void> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (await isThere(dockerfile)) {
    return;
  }
  const inContext = join(context, dockerfile);
  const advice =
    !isAbsolute(dockerfile) && (await isThere(inContext)) ? `; try setting dockerfile to "${inContext}"` : "";
  throw new Error(`could not open the Dockerfile at the path "${dockerfile}"${advice}`);
}

function mustBeImage(urn: string): void {
  if (typeOf(urn) !== imageType) {
    throw new Error(unsupported(typeOf(urn)));
  }
}

function unsupported(token: string): string {
  return `the stand-in for docker does not know ${token}; it covers ${imageType} only`;
}
