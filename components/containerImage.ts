import { existsSync } from "node:fs";
import { join } from "node:path";
import { Image } from "@pulumi/docker/image.js";
import * as pulumi from "@pulumi/pulumi";
import { digestReference } from "./containerImage/reference.ts";
import { IMAGE_TAG, LOGIN_SERVER, PLATFORM, REPOSITORY } from "./forms.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "./validation.ts";

/** A login that may push to a repository and pull from it. */
export interface RegistryPushLogin {
  /** The user name, for example AcrTokenPassword's `username`. */
  username: pulumi.Input<string>;
  /** The password, for example AcrTokenPassword's `password`. It gets into the state as a secret only. */
  password: pulumi.Input<string>;
}

/** Arguments of ContainerImage. */
export interface ContainerImageArgs {
  /** The registry's host, for example AcrForAks's `loginServer`. A URL is an error. */
  loginServer: pulumi.Input<string>;
  /** The repository in the registry, for example mcp/echo. One with a registry or a tag is an error. */
  repository: string;
  /**
   * The tag that is pushed, for people who look into the registry, and for the next build's cache. It moves with
   * every build that has the same one; what is deployed is the digest. Another form than a tag's is an error.
   */
  tag: string;
  /** Who pushes. Another password alone builds nothing anew. */
  login: RegistryPushLogin;
  /** The folder that the Dockerfile's COPY reads from, relative to the program's folder. */
  context: string;
  /**
   * The Dockerfile, relative to the program's folder and not to `context`. One that isn't there is an error.
   * @default `Dockerfile` in `context`
   */
  dockerfile?: string;
  /**
   * Operating system and architecture that the image is for. One that the builder can't build for fails there.
   * @default "linux/amd64", which AKS's nodes are unless an ARM size is chosen
   */
  platform?: string;
  /**
   * Build arguments. They stay readable in the image: no secrets.
   * @default none
   */
  buildArgs?: Record<string, pulumi.Input<string>>;
  /**
   * Takes layers that didn't change from the image that the registry has under `tag`. Docker says so and builds
   * all of them when there is none, as for the first build of a version.
   * @default true
   */
  cache?: boolean;
}

/**
 * An image that Docker builds on the machine that runs `pulumi up`, and pushes to a registry.
 *
 * It is built anew when the Dockerfile, a file of its context or another argument changes; files that the context's
 * .dockerignore leaves out are none of it. A preview builds nothing: the digest is not known there. Destroying it
 * leaves the image in the registry, with which it goes. Needs Docker (BuildKit) where the program runs.
 */
export class ContainerImage extends pulumi.ComponentResource {
  /** The image by digest, `<loginServer>/<repository>@sha256:...`: what is deployed is what was built. */
  declare readonly image: pulumi.Output<string>;
  /** The image by tag, which another build may have moved since. */
  declare readonly taggedImage: pulumi.Output<string>;

  constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:ContainerImage", name, {}, opts);
    const repository = ensure("repository", args.repository, matches(REPOSITORY));
    const tag = ensure("tag", args.tag, matches(IMAGE_TAG));
    const platform = ensure("platform", args.platform ?? "linux/amd64", matches(PLATFORM));
    const dockerfile = args.dockerfile ?? join(args.context, "Dockerfile");
    mustExist("context", args.context);
    mustExist("dockerfile", dockerfile);

    const server = validatedInput("loginServer", args.loginServer, matches(LOGIN_SERVER));
    const imageName = pulumi.interpolate`${server}/${repository}:${tag}`;
    const cached = args.cache ?? true;
    const built = new Image(
      name,
      {
        imageName,
        build: {
          context: args.context,
          dockerfile,
          platform,
          // Tells BuildKit to note in the image which layers it is made of: without it `cacheFrom` finds nothing.
          args: { ...args.buildArgs, ...(cached ? { BUILDKIT_INLINE_CACHE: "1" } : {}) },
          cacheFrom: cached ? { images: [imageName] } : undefined,
        },
        // An object with outputs in it, and not an output of one: the provider tells a new password from another
        // registry only when it sees them apart.
        registry: { server, username: args.login.username, password: pulumi.secret(args.login.password) },
      },
      { parent: this },
    );

    this.taggedImage = built.imageName;
    this.image = built.repoDigest.apply((reference) => digestReference(name, reference));
    this.registerOutputs({ image: this.image, taggedImage: this.taggedImage });
  }
}

function mustExist(property: string, path: string): void {
  if (existsSync(path)) return;
  throw new InputPropertyError(
    property,
    `there is no ${JSON.stringify(path)} in ${process.cwd()}; give its path from the program's folder`,
  );
}
