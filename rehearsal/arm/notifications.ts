import { setTimeout as sleep } from "node:timers/promises";
import { type Delivery, deliver } from "./delivery.ts";
import { ArmError } from "./errors.ts";
import type { Reply } from "./http.ts";
import { testAlert } from "./testAlert.ts";

/** One receiver of a test, as the request has it, with the list that it stood in. */
export type Receiver = Record<string, unknown> & { list: string };

/** What became of one receiver, in Azure's spelling. */
interface ActionDetail {
  MechanismType: string;
  Name: string;
  Status: "Succeeded" | "Failed";
  SubState: "Default";
  SendTime: string;
  Detail: string | null;
}

interface Test {
  done: Promise<void>;
  finished: boolean;
  body: Record<string, unknown>;
}

/** How tests of receivers are sent. */
export interface NotificationOptions {
  /** Milliseconds before a call that failed is repeated. */
  retryMs: number;
  /** Milliseconds for which a status request waits for the end. */
  holdMs: number;
}

const mechanisms: Readonly<Record<string, { type: string; address?: string }>> = {
  emailReceivers: { type: "Email" },
  smsReceivers: { type: "Sms" },
  voiceReceivers: { type: "Voice" },
  azureAppPushReceivers: { type: "AzureAppPush" },
  itsmReceivers: { type: "Itsm" },
  automationRunbookReceivers: { type: "AutomationRunbook" },
  eventHubReceivers: { type: "EventHub" },
  webhookReceivers: { type: "Webhook", address: "serviceUri" },
  logicAppReceivers: { type: "LogicApp", address: "callbackUrl" },
  azureFunctionReceivers: { type: "AzureFunction", address: "httpTriggerUrl" },
};

/**
 * Tests of action groups' receivers. Those with an address of this machine are really called. States and spelling: the
 * answers that azure-powershell documents for Test-AzActionGroup.
 */
export class Notifications {
  readonly #options: NotificationOptions;
  readonly #tests = new Map<string, Test>();
  readonly #closing = new AbortController();
  /** A certificate authority, PEM, that receivers may have their certificates from, besides the public ones. */
  trust = "";

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  /**
   * Sends to all of them at once.
   *
   * @param takesCall whether something that Azure itself runs answers at an address
   * @returns the test's id
   */
  send(
    alertType: string,
    group: string,
    receivers: readonly Receiver[],
    takesCall: (address: string) => boolean,
  ): string {
    const id = String(11_000_000_000_000 + this.#tests.size);
    const test: Test = {
      done: Promise.resolve(),
      finished: false,
      body: {
        context: { notificationSource: "Microsoft.Insights/TestNotification" },
        createdTime: timestamp(),
        state: "InProgress",
        actionDetails: [],
      },
    };
    const alert = testAlert(alertType, group, id);
    test.done = Promise.all(receivers.map((receiver) => this.#tell(receiver, alert, takesCall))).then(
      (details) => {
        test.body = { ...test.body, state: "Complete", completedTime: timestamp(), actionDetails: details };
        test.finished = true;
      },
    );
    this.#tests.set(id, test);
    return id;
  }

  /** Answers a request for the status: 202 as long as some receiver hasn't answered. @throws {ArmError} 404 */
  async status(id: string, url: string): Promise<Reply> {
    const test = this.#tests.get(id);
    if (!test) {
      throw new ArmError(404, "NotFound", `The notification '${id}' was not found.`, { fromProvider: true });
    }
    const timer = new AbortController();
    const signal = AbortSignal.any([timer.signal, this.#closing.signal]);
    await Promise.race([
      test.done,
      sleep(this.#options.holdMs, undefined, { signal }).catch(() => undefined),
    ]);
    timer.abort();
    return test.finished
      ? { status: 200, body: test.body }
      : { status: 202, headers: { location: url, "retry-after": "1" }, body: test.body };
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#tests.values()].map((test) => test.done));
  }

  async #tell(
    receiver: Receiver,
    alert: unknown,
    takesCall: (address: string) => boolean,
  ): Promise<ActionDetail> {
    const mechanism = mechanisms[receiver.list] ?? { type: receiver.list };
    const sent = timestamp();
    const secure = receiver.list === "webhookReceivers" && receiver["useAadAuth"] === true;
    const address = mechanism.address && String(receiver[mechanism.address]);
    const failure = !address
      ? undeliverable(receiver)
      : takesCall(address)
        ? undefined
        : await this.#call(mechanism.type, address, alert);
    return {
      MechanismType: secure ? "SecureWebhook" : mechanism.type,
      Name: String(receiver["name"]),
      Status: failure === undefined ? "Succeeded" : "Failed",
      SubState: "Default",
      SendTime: sent,
      Detail: failure ?? null,
    };
  }

  /** Azure repeats after some failures, with pauses of 5 to 40 s; here once, and soon. */
  async #call(kind: string, address: string, alert: unknown): Promise<string | undefined> {
    const signal = this.#closing.signal;
    const call = () => deliver(address, alert, { trust: this.trust, signal });
    let result = await call();
    if (result.repeatable) {
      await sleep(this.#options.retryMs, undefined, { signal }).catch(() => undefined);
      result = await call();
    }
    return result.ok ? undefined : explain(kind, result);
  }
}

// Names that end so never exist (RFC 2606), so such a mail has nowhere to go.
function undeliverable(receiver: Receiver): string | undefined {
  return /\.invalid$/i.test(String(receiver["emailAddress"] ?? ""))
    ? "The email couldn't be sent because the email domain is invalid, or the MX resource record doesn't exist on the Domain Name Server (DNS)."
    : undefined;
}

/** Source: https://learn.microsoft.com/azure/azure-monitor/alerts/test-action-group-errors */
function explain(kind: string, { status }: Delivery): string {
  const what = { LogicApp: "Logic App", AzureFunction: "Azure Function" }[kind] ?? "webhook";
  const known: Readonly<Record<number, string>> = {
    400: `The ${what} returned a \`bad request\` error.`,
    401: `The ${what} returned an \`Unauthorized\` error.`,
    403: `The ${what} returned a \`Forbidden\` response.`,
    404: `The ${what} endpoint couldn't be found.`,
    408: `The call to the ${what} timed out.`,
    409: `The ${what} returned a \`conflict\` error.`,
    429: `The ${what} couldn't be triggered because it is handling too many requests right now.`,
    500: `The ${what} returned an \`internal server\` error.`,
    502: `The ${what} returned a bad gateway error.`,
    503: `The service providing the ${what} endpoint is temporarily unavailable.`,
  };
  return `HTTP ${status}: ${known[status] ?? `The ${what} endpoint answered with ${status}.`}`;
}

function timestamp(): string {
  return new Date().toISOString().replace("Z", "0000+00:00");
}
