import { describe, expect, it } from "vitest";
import * as forms from "../../components/forms.ts";
import { matches } from "../../components/validation.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const cases: Record<keyof typeof forms, { takes: string[]; refuses: string[] }> = {
  DNS_LABEL: {
    takes: ["a", "echo", "open-websearch-2", "a".repeat(63)],
    refuses: ["", "-a", "a-", "1a", "A", "a.b", "a_b", "a".repeat(64)],
  },
  GUID: {
    takes: ["00000000-0000-0000-0000-000000000000", "AAAAAAAA-bbbb-CCCC-dddd-eeeeeeeeeeee"],
    refuses: [
      "",
      "me@example.com",
      "00000000-0000-0000-0000-00000000000",
      "{00000000-0000-0000-0000-000000000000}",
    ],
  },
  QUANTITY: {
    takes: ["1", "0.5", "250m", "64Mi", "1Gi", "2G", "100k"],
    refuses: ["", "a lot", "-1", "1 Gi", "1gi", "1KI", ".5", "1e3"],
  },
  TAINT: {
    takes: ["sku=gpu:NoSchedule", "a:NoExecute", "a=:PreferNoSchedule", "x.io/a=b:NoSchedule"],
    refuses: ["dedicated", "a=b", "a=b:Never", "=b:NoSchedule", "a=b=c:NoSchedule", "a b:NoSchedule"],
  },
  KUBERNETES_VERSION: { takes: ["1.34", "1.34.2"], refuses: ["latest", "v1.34", "1", "2.0", "1.34.2.1"] },
  CHART_VERSION: { takes: ["0.3.0", "1.0.0-rc.1"], refuses: ["v0.3.0", "0.3", "latest", "1.0.0+build"] },
  PINNED_IMAGE: {
    takes: ["echo:1", "r.io:5000/a/b:1.2-x", "mcp/echo:0.1.0", `r.io/a@${digest}`, `r.io/a:latest@${digest}`],
    refuses: ["", "echo", "r.io:5000/a", "echo:latest", "r.io/a:b:latest", ":1", "a b:1", "a@sha256:123"],
  },
  URL_PATH: { takes: ["/", "/mcp", "/a/b?c"], refuses: ["", "mcp", "/a b"] },
  VARIABLE_NAME: { takes: ["A", "_a1", "LOG_LEVEL"], refuses: ["", "1A", "A-B", "A B"] },
  TIME_OF_DAY: { takes: ["00:00", "23:59"], refuses: ["24:00", "2:00", "02:60", ""] },
  UTC_OFFSET: { takes: ["+00:00", "-03:30"], refuses: ["UTC", "00:00", "+1:00"] },
  REGISTRY_NAME: { takes: ["mcpaas", "a1b2c"], refuses: ["abcd", "No-Dashes", "a".repeat(51)] },
  IMAGE_PREFIX: {
    takes: [
      "localhost",
      "localhost:5001",
      "localhost/team",
      "ghcr.io/team/tools",
      "mirror:5000",
      "10.0.0.1:5000/a",
    ],
    refuses: [
      "",
      "mirror",
      "team/tools",
      "https://ghcr.io",
      "ghcr.io/",
      "ghcr.io/Team",
      "ghcr.io/a:1",
      "a b.c",
    ],
  },
  LOGIN_SERVER: {
    takes: ["mcpaasdev.azurecr.io", "r-1.example.com:5000"],
    refuses: ["", "https://mcpaasdev.azurecr.io", "mcpaasdev", "a.io/x", "A.azurecr.io"],
  },
  IMAGE_TAG: {
    takes: ["0.1.0", "_a-b.C", "a".repeat(128)],
    refuses: ["", ".1", "-1", "a:b", "a".repeat(129)],
  },
  PLATFORM: { takes: ["linux/amd64", "linux/arm/v7"], refuses: ["", "amd64", "windows/amd64", "linux/"] },
  DIGEST_IMAGE: {
    takes: [`r.io/a@${digest}`, `mcp/echo:0.1.0@${digest}`],
    refuses: ["", "mcp/echo:0.1.0", `@${digest}`, `a b@${digest}`, "a@sha256:123", `a@${digest}0`],
  },
  REPOSITORY: {
    takes: ["echo", "models/adapter", "a-b/c_d/e.f", "a--b"],
    refuses: ["", "Models/a", "a/", "/a", "a//b", "-a", "a:1", "a@sha256", "a b"],
  },
  STORAGE_CLASS: {
    takes: ["managed-csi", "a", "team.disks-2"],
    refuses: ["", "A b", "-a", "a-", "a..b", "a".repeat(101)],
  },
  SQL_NAME: {
    takes: ["app", "_a1", "a".repeat(63)],
    refuses: ["", "App", "1a", "a-b", "a b", "a;b", "pg_x", "postgres", "a".repeat(64)],
  },
  CRON_SCHEDULE: {
    takes: ["17 3 * * *", "*/15 0-6 1,15 * mon-fri", "@daily"],
    refuses: ["", "daily", "@reboot", "17 3 * *", "17 3 * * * *", "a 3 * * *", "17 3 * * $x"],
  },
};

describe.each(Object.entries(forms))("%s", (name, form) => {
  const { takes, refuses } = cases[name as keyof typeof forms];
  it.each([form.example, ...takes])("takes %j", (text) => {
    expect(matches(form)(text)).toBeUndefined();
  });
  it.each(refuses)("refuses %j, and says what it must be", (text) => {
    expect(matches(form)(text)).toBe(
      `${JSON.stringify(text)} is not allowed; it must be ${form.words}, for example "${form.example}"`,
    );
  });
});

it("decides about a long image at once, however it is made up", () => {
  // A pattern that tries every way to split this text would take longer than the universe is old.
  expect(forms.PINNED_IMAGE.pattern.test(`a${":/".repeat(5_000)} `)).toBe(false);
});
