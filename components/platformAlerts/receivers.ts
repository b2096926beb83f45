import * as pulumi from "@pulumi/pulumi";
import type { Form } from "../forms.ts";
import { ensure, InputPropertyError, matches, validatedInput } from "../validation.ts";
import type { Severity } from "./rules/rule.ts";

/** Who is told of what: alerts of this severity and worse. */
export interface ReceiverLevel {
  /** "critical": only what wants somebody now; "warning": that and what wants somebody today; "info": all. @default "info" */
  from?: "critical" | "warning" | "info";
}

/** A person or a list. Azure asks for a code once, within 30 minutes, before it sends anything else there. */
export interface EmailReceiver extends ReceiverLevel {
  /** The address. */
  email: string;
}

/**
 * Whoever takes Azure's common alert schema by HTTPS. The address often lets anybody in who has it, which is why it is a
 * secret.
 */
export interface WebhookReceiver extends ReceiverLevel {
  /** The address, https, treated as a secret. */
  webhook: pulumi.Input<string>;
}

/**
 * A channel of Microsoft Teams, by the address of a workflow with the trigger "When a Teams webhook request is received".
 * Such a workflow wants a card and Azure sends none: a Logic App is made that turns the one into the other. (Addresses
 * of Office 365 connectors, at outlook.office.com and webhook.office.com, are refused: Microsoft has retired them.)
 */
export interface TeamsReceiver extends ReceiverLevel {
  /** The address, https, treated as a secret. */
  teams: pulumi.Input<string>;
}

/** A Logic App that is there already, with the callback address of its HTTP trigger. */
export interface LogicAppReceiver extends ReceiverLevel {
  /** Its ARM id, and the address, treated as a secret. */
  logicApp: { resourceId: pulumi.Input<string>; callbackUrl: pulumi.Input<string> };
}

/** Who is told. */
export type Receiver = EmailReceiver | WebhookReceiver | TeamsReceiver | LogicAppReceiver;

/** What a receiver may be called: Azure shows the name, and it is part of the names of what is made. */
export const RECEIVER_NAME: Form = {
  pattern: /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  words: "1 to 40 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'",
  example: "on-call",
};

/** An address of e-mail, as far as a pattern can say. */
export const EMAIL: Form = {
  pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  words: "an e-mail address",
  example: "platform@example.com",
};

/** Where alerts may be sent: Azure itself takes http as well, with the alert and the address's secret in clear. */
export const WEBHOOK_URL: Form = {
  pattern: /^https:\/\/[^\s/]+\S*$/,
  words: "a URL that begins with https://",
  example: "https://alerts.example.com/hook?key=...",
};

/** The hosts of Office 365's connectors. Source: "Retirement of Office 365 connectors within Microsoft Teams". */
const RETIRED_CONNECTOR = /^https:\/\/([\w-]+\.)*(webhook\.office(365)?\.com|outlook\.office(365)?\.com)\//;

/** The address of a Teams workflow. */
export const TEAMS_URL: Form = {
  pattern: new RegExp(`^(?!${RETIRED_CONNECTOR.source.slice(1)})${WEBHOOK_URL.pattern.source.slice(1)}`),
  words:
    'the address of a workflow with the trigger "When a Teams webhook request is received", and of no connector',
  example: "https://prod-01.westeurope.logic.azure.com/workflows/...",
};

const LEVELS: Record<Severity, ReadonlyArray<NonNullable<ReceiverLevel["from"]>>> = {
  1: ["critical", "warning", "info"],
  2: ["warning", "info"],
  3: ["info"],
};

/** Refuses receivers that can't be told anything. */
export function checkReceivers(receivers: Readonly<Record<string, Receiver>>): void {
  for (const [name, receiver] of Object.entries(receivers)) {
    const path = `receivers.${name}`;
    ensure(path, name, matches(RECEIVER_NAME));
    const kinds = ["email", "webhook", "teams", "logicApp"].filter((kind) => kind in receiver);
    if (kinds.length !== 1) {
      const found = kinds.length === 0 ? "has none of them" : `has ${kinds.join(" and ")}`;
      throw new InputPropertyError(path, `must be one of email, webhook, teams, logicApp; it ${found}`);
    }
    if ("email" in receiver) ensure(`${path}.email`, receiver.email, matches(EMAIL));
  }
}

/** The receivers of a severity's action group, as Azure takes them. */
export function groupReceivers(
  receivers: Readonly<Record<string, Receiver>>,
  severity: Severity,
  teams: ReadonlyMap<string, LogicAppReceiver["logicApp"]>,
) {
  const told = Object.entries(receivers).filter(([, { from = "info" }]) => LEVELS[severity].includes(from));
  const each = <T>(make: (name: string, receiver: Receiver) => T | undefined): T[] =>
    told.map(([name, receiver]) => make(name, receiver)).filter((made) => made !== undefined);
  const common = { useCommonAlertSchema: true };
  return {
    emailReceivers: each((name, receiver) =>
      "email" in receiver ? { name, emailAddress: receiver.email, ...common } : undefined,
    ),
    webhookReceivers: each((name, receiver) =>
      "webhook" in receiver
        ? {
            name,
            serviceUri: secretUrl(`receivers.${name}.webhook`, receiver.webhook, WEBHOOK_URL),
            ...common,
          }
        : undefined,
    ),
    logicAppReceivers: each((name, receiver) => {
      const app = "logicApp" in receiver ? receiver.logicApp : teams.get(name);
      if (app === undefined) return undefined;
      const callbackUrl = secretUrl(`receivers.${name}.logicApp.callbackUrl`, app.callbackUrl, WEBHOOK_URL);
      return { name, resourceId: app.resourceId, callbackUrl, ...common };
    }),
  };
}

/** An address that is checked and kept as a secret; what is wrong is told without it. */
export function secretUrl(path: string, url: pulumi.Input<string>, form: Form): pulumi.Output<string> {
  const check = (value: string) => (form.pattern.test(value) ? undefined : `it must be ${form.words}`);
  return pulumi.secret(validatedInput(path, url, check));
}
