/** What the engine passes instead of a value that is not known yet, whatever its type. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs or outputs of the password as the engine has them. */
export type Props = Readonly<Record<string, unknown>>;

/** When a password was asked for, and until when it is to be valid; ISO times. */
export interface Issue {
  issuedAt: string;
  expiresAt: string;
}

/** A token has two passwords, which are these. */
export const PASSWORD_NAMES = ["password1", "password2"] as const;
export type PasswordName = (typeof PASSWORD_NAMES)[number];

const dayMs = 86_400_000;
const decisive = ["tokenId", "rotationDays", "rotate"];

/**
 * The issue that the inputs are to have: the state's as long as nothing that decides changed and the password
 * is younger than `rotationDays`, else one that begins now. Unknown while anything that decides is unknown.
 */
export function issueFor(olds: Props, news: Props, now: Date): Issue {
  if (decisive.some((key) => news[key] === unknownValue)) {
    return { issuedAt: unknownValue, expiresAt: unknownValue };
  }
  const validFor = Number(news["rotationDays"]) * dayMs;
  const issuedAt = Date.parse(String(olds["issuedAt"]));
  const young = now.getTime() < issuedAt + validFor;
  if (young && decisive.every((key) => (olds[key] ?? "") === (news[key] ?? ""))) {
    return { issuedAt: String(olds["issuedAt"]), expiresAt: String(olds["expiresAt"]) };
  }
  // Azure answers with whole seconds; with them in the inputs too the times that people see are the same.
  const start = Math.floor(now.getTime() / 1000) * 1000;
  return { issuedAt: iso(start), expiresAt: iso(start + 2 * validFor) };
}

/** The password to generate when none is in use by us: one that isn't there, or else the older one. */
export function freePassword(existing: readonly { name: string; createdAt?: string }[]): PasswordName {
  const created = (name: PasswordName) => {
    const found = existing.find((one) => one.name === name);
    return found ? Date.parse(found.createdAt ?? "") || 0 : Number.NEGATIVE_INFINITY;
  };
  return created("password2") < created("password1") ? "password2" : "password1";
}

/** The password to generate while this one is in use. */
export function otherPassword(name: unknown): PasswordName {
  return name === "password1" ? "password2" : "password1";
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
