import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link TokenPassword}. */
export interface TokenPasswordArgs {
  /** ARM id of the token. */
  tokenId: pulumi.Input<string>;
  /** Days after which a new password is made; it is valid for twice as long. */
  rotationDays: number;
  /** Another text than last time makes a new password now. @default "" */
  rotate?: pulumi.Input<string>;
}

/**
 * The password of a registry token. Azure has no resource for it: an action of the registry generates one.
 */
export class TokenPassword extends pulumi.dynamic.Resource {
  declare readonly password: pulumi.Output<string>;
  /** ISO time. */
  declare readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: TokenPasswordArgs, opts: pulumi.CustomResourceOptions) {
    const props = {
      ...args,
      issuedAt: undefined,
      expiresAt: undefined,
      passwordName: undefined,
      createdAt: undefined,
      password: undefined,
    };
    super(
      provider,
      name,
      props,
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["password"] }),
      "mcpaas",
      "TokenPassword",
    );
  }
}

/**
 * The engine stores the text of these methods in the state and evaluates it in a process of its own, as
 * CommonJS. So they only pass on to the project's code; VmSkuSelection says more.
 */
const provider: pulumi.dynamic.ResourceProvider = {
  async check(olds, news) {
    return load().check(olds, news);
  },
  async diff(id, olds, news) {
    return load().diff(id, olds, news);
  },
  async create(inputs) {
    return load().create(inputs);
  },
  async read(id, props) {
    return load().read(id, props ?? {});
  },
  async update(id, olds, news) {
    return load().update(id, olds, news);
  },
  // A token that is deleted takes its passwords along, and it always is when its password is.
  async delete() {},
};

function load(): typeof import("./provider.ts") {
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(`${process.cwd()}/package.json`)("mcpaas/acrTokenPassword/provider");
}
