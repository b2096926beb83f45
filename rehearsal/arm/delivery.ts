import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { rootCertificates } from "node:tls";

/** How one call of a receiver ended. */
export interface Delivery {
  ok: boolean;
  /** The receiver's answer; 408 when it took too long, 503 when it could not be reached. */
  status: number;
  /** Whether Azure would call again. */
  repeatable: boolean;
}

// Source: https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups#webhook
const repeatable = new Set([408, 429, 503, 504]);
const patienceMs = 10_000;
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Posts an alert to a receiver. Only addresses of this machine are called: every other one counts as out of
 * reach, because nothing leaves the machine.
 */
export async function deliver(
  address: string,
  alert: unknown,
  { trust, signal }: { trust: string; signal: AbortSignal },
): Promise<Delivery> {
  const unreached: Delivery = { ok: false, status: 503, repeatable: true };
  const url = URL.parse(address);
  if (!url || !loopback.test(url.hostname)) {
    return { ...unreached, repeatable: false };
  }
  const body = JSON.stringify(alert);
  const options = {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    agent: false,
  } as const;
  return new Promise((resolve) => {
    const call =
      url.protocol === "https:"
        ? secure(url, { ...options, ca: trust ? [...rootCertificates, trust] : [...rootCertificates] })
        : plain(url, options);
    call.on("error", (error) => {
      resolve(error.name === "TimeoutError" ? { ...unreached, status: 408 } : unreached);
    });
    call.on("response", (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      resolve({ ok: status >= 200 && status < 300, status, repeatable: repeatable.has(status) });
    });
    call.end(body);
  });
}
