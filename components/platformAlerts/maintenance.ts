import { TIME_OF_DAY, UTC_OFFSET } from "../forms.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "../validation.ts";
import { SEVERITY_NAMES, type Severity } from "./rules/rule.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

export type DayOfWeek = (typeof DAYS)[number];

/** A time in which alerts are seen in Azure, but nobody is told. */
export interface QuietWindow {
  /** Days on which it begins. */
  daysOfWeek: DayOfWeek[];
  /** When it begins, as HH:MM. */
  startTime: string;
  /** How long it is, in hours, 1 to 24. */
  durationHours: number;
  /** Offset of `startTime` from UTC, as +HH:MM or -HH:MM. @default "+00:00" */
  utcOffset?: string;
  /**
   * Alerts that nobody is told of. Azure doesn't tell of them afterwards either, not even when they last, which is why
   * the critical ones aren't among them. @default ["warning", "info"]
   */
  severities?: ("critical" | "warning" | "info")[];
  /** Only alerts whose names have one of these in them, 5 at most. @default - all */
  alerts?: string[];
}

/** What an upgrade disturbs. Whatever else begins meanwhile, such as a denied call or a full volume, is told. */
export const DISTURBED_BY_UPGRADES = ["NotReady", "Target", "CrashLooping", "ImageNotPulled"];

/** A part of one day in UTC; times as HH:MM:SS. */
export interface Recurrence {
  recurrenceType: "Weekly";
  daysOfWeek: DayOfWeek[];
  startTime: string;
  endTime: string;
}

const MINUTES_A_DAY = 24 * 60;

/** A window as the properties of an alert processing rule, but for the scopes. */
export function quietRule(path: string, window: QuietWindow) {
  return {
    description: "Nobody is told in this time; the alerts are there nevertheless.",
    enabled: true,
    conditions: [
      { field: "Severity", operator: "Equals", values: azureSeverities(window.severities) },
      ...(window.alerts ? [{ field: "AlertRuleName", operator: "Contains", values: window.alerts }] : []),
    ],
    schedule: { timeZone: "UTC", recurrences: recurrencesOf(path, window) },
    actions: [{ actionType: "RemoveAllActionGroups" as const }],
  };
}

/** Refuses what can't be, and splits a window into recurrences in UTC that don't go past midnight. */
export function recurrencesOf(path: string, window: QuietWindow): Recurrence[] {
  const { daysOfWeek, durationHours, utcOffset = "+00:00" } = window;
  const startTime = ensure(`${path}.startTime`, window.startTime, matches(TIME_OF_DAY));
  ensure(`${path}.utcOffset`, utcOffset, matches(UTC_OFFSET));
  ensure(`${path}.durationHours`, durationHours, wholeNumber(1, 24));
  if (window.alerts !== undefined && (window.alerts.length === 0 || window.alerts.length > 5)) {
    throw new InputPropertyError(`${path}.alerts`, "must be 1 to 5 parts of names: Azure takes no more");
  }
  if (daysOfWeek.length === 0) {
    throw new InputPropertyError(`${path}.daysOfWeek`, "must name a day; without one there is no window");
  }
  const start = minutesOf(startTime) - offsetMinutes(utcOffset);
  const shift = Math.floor(start / MINUTES_A_DAY);
  const begin = start - shift * MINUTES_A_DAY;
  const end = begin + durationHours * 60;
  const parts: Recurrence[] = [part(daysOfWeek, shift, begin, Math.min(end, MINUTES_A_DAY))];
  if (end > MINUTES_A_DAY) parts.push(part(daysOfWeek, shift + 1, 0, end - MINUTES_A_DAY));
  return parts;
}

/** The severities as alert processing rules call them. */
export function azureSeverities(names: QuietWindow["severities"] = ["warning", "info"]): string[] {
  const numbers = Object.entries(SEVERITY_NAMES) as unknown as [Severity, string][];
  return numbers.filter(([, name]) => (names as string[]).includes(name)).map(([number]) => `Sev${number}`);
}

function part(days: readonly DayOfWeek[], shift: number, begin: number, end: number): Recurrence {
  const daysOfWeek = days.map((day) => DAYS[(DAYS.indexOf(day) + shift + 7) % 7] as DayOfWeek);
  return {
    recurrenceType: "Weekly",
    daysOfWeek,
    startTime: `${clock(begin)}:00`,
    endTime: end === MINUTES_A_DAY ? "23:59:59" : `${clock(end)}:00`,
  };
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const offsetMinutes = (offset: string) => (offset.startsWith("-") ? -1 : 1) * minutesOf(offset.slice(1));
const clock = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, "0")).join(":");
