import type * as pulumi from "@pulumi/pulumi";
import { type Form, GUID } from "../forms.ts";
import { ENTRA_EGRESS } from "../mcpGuard/issuer.ts";
import type { NetworkEgress } from "../network/egress.ts";
import { ensure, InputPropertyError, matches } from "../validation.ts";
import { entraPublicUrl } from "./urls.ts";
import type { ChatVariable } from "./variables.ts";

/** How people sign in. Nobody can make an account of their own with a password. */
export interface ChatSignIn {
  /**
   * Address of the administrator that the first start makes, with a generated password; a change later
   * changes nothing, as there are users then. Nobody's own address in Entra ID: who has it could never sign in
   * with Microsoft, as the account is taken. @default "admin@chat.internal"
   */
  administratorEmail?: string;
  /** Sign-in with Microsoft Entra ID. @default - none: accounts with passwords, which the administrator makes */
  entra?: ChatEntra;
  /**
   * What somebody is who signs in for the first time by Entra ID and whose token has no role: "pending" until
   * an administrator lets them in, or at once "user". @default "pending"
   */
  users?: "pending" | "user";
}

/** An application that is registered in Entra ID, with the redirect URI <publicUrl>/oauth/microsoft/callback. */
export interface ChatEntra {
  /** The directory (tenant), a GUID. */
  tenantId: string;
  /** The application (client), a GUID. */
  clientId: string;
  /** A client secret of the application, treated as a secret. */
  clientSecret: pulumi.Input<string>;
  /**
   * Values of the application's app roles, without commas. Who has a role that is in neither list is turned
   * away, who has none is what `users` says at the first sign-in, and stays what they were at later ones:
   * taking the last role away takes nothing away, unless the enterprise application requires assignment, so
   * that Entra ID itself turns them away. Source: get_user_role in utils/oauth.py, 0.12.4.
   * @default - roles aren't looked at
   */
  roles?: { users: string[]; administrators: string[] };
  /** Addresses of Entra ID, on port 443. @default - those of its sign-in hosts over IPv4 */
  egress?: readonly NetworkEgress[];
}

/** Source: validate_email_format in utils/misc.py of Open WebUI 0.12.4, stricter. */
export const EMAIL: Form = {
  pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  words: "an e-mail address",
  example: "admin@example.com",
};

/** Sign-in, its arguments checked. */
export interface CheckedSignIn {
  administratorEmail: string;
  users: "pending" | "user";
  entra?: ChatEntra;
}

/** Checks how people sign in. */
export function checkedSignIn(signIn: ChatSignIn, publicUrl: string | undefined): CheckedSignIn {
  const { entra, users = "pending" } = signIn;
  const administratorEmail = ensure(
    "signIn.administratorEmail",
    signIn.administratorEmail ?? "admin@chat.internal",
    matches(EMAIL),
  );
  if (entra !== undefined) {
    ensure("signIn.entra.tenantId", entra.tenantId, matches(GUID));
    ensure("signIn.entra.clientId", entra.clientId, matches(GUID));
    for (const [list, roles] of Object.entries(entra.roles ?? {})) {
      ensure(`signIn.entra.roles.${list}`, roles, (given) =>
        given.some((role) => role.trim() === "" || role.includes(",") || role === "*")
          ? `${JSON.stringify(given)} is not allowed; it must be values of app roles, without commas and "*"`
          : undefined,
      );
    }
    if (publicUrl === undefined) {
      throw new InputPropertyError(
        "publicUrl",
        "is missing; Entra ID sends people back to it, at <publicUrl>/oauth/microsoft/callback",
      );
    }
    ensure("publicUrl", publicUrl, entraPublicUrl);
  }
  return { administratorEmail, users, entra };
}

/** How to sign in, for the people who have just run `pulumi up`. */
export function signInSentence(
  { administratorEmail, entra }: CheckedSignIn,
  place: { app: string; namespace: string; publicUrl?: string },
): string {
  const { app, namespace, publicUrl } = place;
  const open =
    publicUrl === undefined
      ? `Run: kubectl -n ${namespace} port-forward service/${app} 8080:80, open http://localhost:8080`
      : `Open ${publicUrl}`;
  const account = `${administratorEmail} and the administrator's password`;
  return entra === undefined
    ? `${open} and sign in as ${account}; accounts for others are made there (Admin Panel, Users).`
    : `${open} and sign in with Microsoft, or at ${publicUrl}/auth?form=true as ${account}.`;
}

/** What the app must reach to sign people in. */
export function signInEgress({ entra }: CheckedSignIn): readonly NetworkEgress[] {
  return entra === undefined ? [] : (entra.egress ?? ENTRA_EGRESS);
}

/**
 * Variables for Entra ID. The address is taken from a claim that every token has, so that nobody asks
 * Microsoft Graph for it or for pictures. Source of the names: variables.ts.
 */
export function entraVariables(
  { entra, users }: CheckedSignIn,
  publicUrl: string,
): Partial<Record<ChatVariable, string>> {
  if (entra === undefined) return {};
  return {
    ENABLE_OAUTH_SIGNUP: "true",
    // The administrator's password still works, at /auth?form=true and for programs.
    ENABLE_LOGIN_FORM: "false",
    DEFAULT_USER_ROLE: users,
    MICROSOFT_CLIENT_ID: entra.clientId,
    MICROSOFT_CLIENT_TENANT_ID: entra.tenantId,
    MICROSOFT_REDIRECT_URI: `${publicUrl}/oauth/microsoft/callback`,
    OAUTH_PICTURE_CLAIM: "",
    OAUTH_EMAIL_CLAIM: "preferred_username",
    ENABLE_OAUTH_ROLE_MANAGEMENT: String(entra.roles !== undefined),
    ...(entra.roles && {
      OAUTH_ROLES_CLAIM: "roles",
      OAUTH_ALLOWED_ROLES: entra.roles.users.join(","),
      OAUTH_ADMIN_ROLES: entra.roles.administrators.join(","),
    }),
  };
}
