import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import type { Caller } from "../caller.ts";
import type { Config } from "../config.ts";
import { Unauthenticated } from "./unauthenticated.ts";

type JwtSettings = NonNullable<Config["authentication"]["jwt"]>;

/**
 * A function that turns a JWT into its caller, or throws `Unauthenticated`. Neither `none` nor HS256 and its
 * kin are ever taken, whatever the settings: jose has no keys for them in a key set (RFC 8725, sections 3.1
 * and 3.2).
 */
export function jwtVerifier(
  settings: JwtSettings,
  keys: JWTVerifyGetKey,
  now: () => Date,
): (token: string) => Promise<Caller> {
  return async (token) => {
    try {
      const options: JWTVerifyOptions = {
        issuer: settings.issuer,
        audience: [...settings.audience],
        algorithms: [...settings.algorithms],
        clockTolerance: settings.clockToleranceSeconds,
        currentDate: now(),
        // Without an expiry a stolen token would be good for ever; jose alone lets that pass.
        requiredClaims: ["exp", settings.subjectClaim],
      };
      return callerOf(await verified(token, keys, options), settings);
    } catch (error) {
      throw refusal(error);
    }
  };
}

/** The claims of a token; where it names no key, each of the set's keys that could fit is tried. */
async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function callerOf(claims: JWTPayload, settings: JwtSettings): Caller {
  const subject = claims[settings.subjectClaim];
  if (typeof subject !== "string" || subject === "") {
    throw new Unauthenticated("claims", `The token's claim ${settings.subjectClaim} must be a text`);
  }
  const roles = [...words(claims[settings.rolesClaim]), ...words(claims[settings.scopesClaim])];
  return { subject, roles: [...new Set(roles)] };
}

/**
 * Roles come as a list, scopes as one text with blanks between them (RFC 8693, section 4.2); both are taken.
 */
function words(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((word) => word !== "");
  return Array.isArray(claim) ? claim.filter((word) => typeof word === "string" && word !== "") : [];
}

function refusal(error: unknown): Unauthenticated {
  if (error instanceof Unauthenticated) return error;
  if (error instanceof errors.JWTExpired) return new Unauthenticated("expired", "The token has expired");
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error);
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return new Unauthenticated("algorithm", "The token's algorithm or an extension of it is not allowed");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return new Unauthenticated("signature", "The token is not signed by a key of the issuer");
  }
  return new Unauthenticated("malformed", "The token is not a JWT");
}

function claimRefusal({ claim, reason }: errors.JWTClaimValidationFailed): Unauthenticated {
  if (claim === "aud") return new Unauthenticated("audience", "The token is for another audience");
  if (claim === "iss") return new Unauthenticated("issuer", "The token is from another issuer");
  if (claim === "nbf" && reason === "check_failed") {
    return new Unauthenticated("claims", "The token is not valid yet");
  }
  return new Unauthenticated(
    "claims",
    `The token's claim ${claim} is ${reason === "missing" ? reason : "wrong"}`,
  );
}
