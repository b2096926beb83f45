import * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";
import { PROXY_URL } from "./settings.ts";

/**
 * The proxy's URL as a secret, once it is known to be one that upstream understands. No message repeats it.
 */
export function checkedProxyUrl(url: pulumi.Input<string>): pulumi.Output<string> {
  const checked = (value: string) => {
    if (PROXY_URL.pattern.test(value)) return value;
    throw new InputPropertyError("proxyUrl", `must be ${PROXY_URL.words}, for example ${PROXY_URL.example}`);
  };
  return typeof url === "string" ? pulumi.secret(checked(url)) : pulumi.secret(url).apply(checked);
}
