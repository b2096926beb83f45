import * as pulumi from "@pulumi/pulumi";
import { thinCheckingProvider } from "../dynamic/thinProvider.ts";

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

// A token that is deleted takes its passwords along, and it always is when its password is.
const provider = thinCheckingProvider<typeof import("./provider.ts")>("acrTokenPassword/provider");
