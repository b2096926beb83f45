import type { DecisionLog } from "../dynamic/engineLog.ts";
import { ReadError } from "../kubeApi/readError.ts";

/** A GatewayClass, as far as it matters here. Source: GatewayClass of gateway.networking.k8s.io/v1. */
export interface GatewayClassObject {
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

/** What is waited for. */
export interface ClassWait {
  className: string;
  timeoutMinutes: number;
}

/** What a wait needs from outside; exchanged in tests. */
export interface Surroundings {
  /** @throws {ReadError} */
  gatewayClass(name: string, signal: AbortSignal): Promise<GatewayClassObject>;
  close(): Promise<void>;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const POLL_MS = 5_000;

/** How often it is said that the same still lasts: a pipeline may end a step that prints nothing. */
const REMINDER_MS = 5 * 60_000;

/**
 * Waits until a GatewayClass is accepted, and says on the way what it waits for.
 *
 * @throws {Error} that says what is missing and the next command to type
 */
export async function waitForClass(
  { className, timeoutMinutes }: ClassWait,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<void> {
  const { now, log } = around;
  const subject = `the GatewayClass ${className}`;
  const began = now();
  let told = { words: "", at: began };
  for (;;) {
    const missing = await look(className, around, cancelled);
    if (missing === undefined) {
      if (told.words !== "") await log.info(`${subject} is accepted`);
      return;
    }
    if (cancelled.aborted) {
      throw new Error(`stopped waiting for ${subject}: ${missing}; the next pulumi up waits for it again`);
    }
    if (now() - began >= timeoutMinutes * 60_000)
      throw new Error(timeoutText(className, timeoutMinutes, missing));
    if (missing !== told.words || now() - told.at >= REMINDER_MS) {
      const still = missing === told.words ? "still " : "";
      await log.info(`waiting for ${subject}: ${still}${missing}`);
      told = { words: missing, at: now() };
    }
    await around.sleep(POLL_MS, cancelled);
  }
}

/** What is missing, in words that follow "waiting for the class: "; nothing when it is accepted. */
async function look(
  className: string,
  around: Surroundings,
  cancelled: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await around.gatewayClass(className, cancelled);
    const accepted = status?.conditions?.find(({ type }) => type === "Accepted");
    if (accepted?.status === "True") return undefined;
    const why = accepted?.message ?? accepted?.reason ?? "no controller has looked at it yet";
    return `it is there and not accepted (${why})`;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.why === "forbidden") {
      throw new Error(
        `may not look at GatewayClasses: ${error.message}; the kubeconfig's user needs get on them`,
      );
    }
    // The API server says the same of a class that isn't there and of an API that isn't.
    if (error.why === "absent") return "it is not there, or the Gateway API isn't";
    return `the Kubernetes API doesn't answer: ${error.message}`;
  }
}

function timeoutText(className: string, timeoutMinutes: number, missing: string): string {
  return [
    `the GatewayClass ${className} can't be used after ${timeoutMinutes} min (timeoutMinutes): ${missing}`,
    "See what there is with: kubectl get gatewayclasses; kubectl get pods -n aks-istio-system",
    "AKS's own class comes with appRoutingGateway of AksWithGpuPool; whoever names another installs its controller",
    "The next pulumi up waits for it again",
  ].join("\n");
}
