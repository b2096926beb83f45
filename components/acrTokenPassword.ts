import * as pulumi from "@pulumi/pulumi";
import { scopedToken, type TokenActions } from "./acrForAks/scopedToken.ts";
import { dockerConfigJson } from "./acrTokenPassword/dockerConfig.ts";
import { TokenPassword } from "./acrTokenPassword/resource.ts";
import { type Form, LOGIN_SERVER, REPOSITORY } from "./forms.ts";
import { ensure, InputPropertyError, matches, validatedInput, wholeNumber } from "./validation.ts";

export type { TokenActions } from "./acrForAks/scopedToken.ts";

/**
 * Sources: tokenName of Microsoft.ContainerRegistry; https://github.com/Azure/ARO-RP/pull/251 for the first
 * letter.
 */
const TOKEN_NAME: Form = {
  pattern: /^[a-zA-Z][-a-zA-Z0-9]{4,49}$/,
  words: "5 to 50 of a-z, A-Z, 0-9 and '-', beginning with a letter",
  example: "push-adapters",
};

/** Arguments of AcrTokenPassword. */
export interface AcrTokenPasswordArgs {
  /** The resource group that holds the registry. */
  resourceGroupName: pulumi.Input<string>;
  /** The registry's name, for example AcrForAks's `name`. */
  registryName: pulumi.Input<string>;
  /** The host that image references begin with, for example AcrForAks's `loginServer`. A URL is an error. */
  loginServer: pulumi.Input<string>;
  /** Repositories that the token is for, without registry and tag. None, or one with a tag, is an error. */
  repositories: string[];
  /** "push": push to these repositories and pull from them. "pull": pull only. */
  actions: TokenActions;
  /**
   * Name of the token and its scope map in the registry, and the user name of a login: 5 to 50 letters,
   * digits and "-". Another one makes another token.
   * @default - the component's name, "-" and `actions`
   */
  tokenName?: string;
  /**
   * Days after which `pulumi up` makes a new password, 1 to 365. A password is valid for twice as many, so
   * the one from before goes on working for as long again. A change makes a new password at once.
   * @default 30
   */
  rotationDays?: number;
  /**
   * Another text than last time makes a new password at once. The one from before goes on working until it
   * expires. After a leak change the text in two updates in a row: a token has two passwords, so the second
   * update overwrites the one that leaked.
   * @default ""
   */
  rotate?: pulumi.Input<string>;
}

/**
 * A login for some repositories of an Azure Container Registry: a scope map, a token, and a password of that
 * token that is made anew when it is due. `pulumi up` rotates: a stack that nobody updates for twice
 * `rotationDays` is left with a password that has expired. `pulumi preview` shows a rotation before it
 * happens, and `pulumi refresh` finds out when token or password were removed in Azure, so that the next
 * update makes them anew.
 *
 * Costs nothing. The password is asked for with the identity in the environment (the ARM_* variables, or the
 * Azure CLI's), whatever provider is passed in `opts`. That identity needs the role Contributor on the
 * registry, or one with generateCredentials/action and what tokens and scope maps need.
 */
export class AcrTokenPassword extends pulumi.ComponentResource {
  /** The token's name. */
  declare readonly tokenName: pulumi.Output<string>;
  /** The user name of a login, which is the token's name. */
  declare readonly username: pulumi.Output<string>;
  /** The password, a secret. Not known in the preview of an update that makes a new one. */
  declare readonly password: pulumi.Output<string>;
  /** ISO time at which the password stops working. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** The registry's host. */
  declare readonly loginServer: pulumi.Output<string>;
  /**
   * Docker's `config.json` with this login, a secret: the data of a Secret of type
   * kubernetes.io/dockerconfigjson.
   */
  declare readonly dockerConfigJson: pulumi.Output<string>;

  constructor(name: string, args: AcrTokenPasswordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:AcrTokenPassword", name, {}, opts);
    if (args.repositories.length === 0) {
      throw new InputPropertyError("repositories", "names no repository; a token needs at least one");
    }
    for (const [index, repository] of args.repositories.entries()) {
      ensure(`repositories[${index}]`, repository, matches(REPOSITORY));
    }
    const tokenName = ensure("tokenName", args.tokenName ?? `${name}-${args.actions}`, matches(TOKEN_NAME));
    const rotationDays = ensure("rotationDays", args.rotationDays ?? 30, wholeNumber(1, 365));
    this.loginServer = pulumi.output(validatedInput("loginServer", args.loginServer, matches(LOGIN_SERVER)));

    const { resourceGroupName, registryName, repositories, actions } = args;
    const token = scopedToken(
      name,
      { resourceGroupName, registryName, tokenName, repositories, actions },
      { parent: this },
    );
    const password = new TokenPassword(
      `${name}-password`,
      { tokenId: token.id, rotationDays, rotate: args.rotate },
      { parent: this },
    );

    this.tokenName = token.name;
    this.username = token.name;
    this.password = pulumi.secret(password.password);
    this.expiresAt = password.expiresAt;
    this.dockerConfigJson = pulumi.secret(
      pulumi
        .all([this.loginServer, this.username, this.password])
        .apply(([server, user, secret]) => dockerConfigJson(server, user, secret)),
    );
    // The password and what is made of it stay out: the state has it once, as the password's own output.
    this.registerOutputs({
      tokenName: this.tokenName,
      expiresAt: this.expiresAt,
      loginServer: this.loginServer,
    });
  }
}
