import { describe, expect, it } from "vitest";
import { redact } from "../../../servers/guard/redact.ts";

// Put together here, so that nothing in this file looks like a secret to a scanner.
const key = (prefix: string, length = 36) => prefix + "aB3".repeat(length).slice(0, length);

describe("a text with a secret", () => {
  it.each([
    ["a JWT", `${key("eyJ", 20)}.${key("", 24)}.${key("", 30)}`],
    ["a JWT without a signature", `${key("eyJ", 20)}.${key("", 24)}.`],
    ["a token of GitHub", key("ghp_")],
    ["a fine-grained token of GitHub", key("github_pat_", 60)],
    ["a token of GitLab", key("glpat-", 20)],
    ["a token of Slack", key("xoxb-", 24)],
    ["a key of OpenAI", key("sk-proj-", 40)],
    ["a token of Hugging Face", key("hf_", 34)],
    ["an access key's id of AWS", `AKIA${"ABCD2345".repeat(2)}`],
    ["a key of Google", key("AIza", 35)],
    ["a random key in hex", "0123456789abcdef".repeat(4)],
    ["a random key in base64", `${key("", 86)}==`],
    ["a private key", `-----BEGIN RSA PRIVATE KEY-----\nMIIE\nxyz\n-----END RSA PRIVATE KEY-----`],
  ])("keeps its words, but not %s", (_name, secret) => {
    expect(redact(`why does ${secret} fail`)).toBe("why does [redacted] fail");
  });

  it("has lost all that follows the beginning of a private key without an end", () => {
    expect(redact("is -----BEGIN PRIVATE KEY-----\nMIIE\nxyz fine")).toBe("is [redacted]");
  });

  it.each([
    ["password: hunter2 in nginx", "password: [redacted] in nginx"],
    ['{"api_key": "abc"}', '{"api_key": "[redacted]"}'],
    ["x?sig=abc%3D&sv=2024", "x?sig=[redacted]&sv=2024"],
    ["AccountKey=abc==;EndpointSuffix=x", "AccountKey=[redacted];EndpointSuffix=x"],
    ["curl -H 'Authorization: Bearer abcdefgh.1'", "curl -H 'Authorization: Bearer [redacted]'"],
    ["postgres://me:pa55@db/x", "postgres://[redacted]@db/x"],
    ["DB_PASSWORD=hunter2", "DB_PASSWORD=[redacted]"],
    ["client_secret = xyz", "client_secret = [redacted]"],
  ])("keeps what tells its kind: %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe("a text without one", () => {
  it.each([
    "how to reset a password",
    "kubernetes secret token rotation",
    "https://learn.microsoft.com/en-us/azure/aks/workload-identity-overview?tabs=dotnet",
    "a-very-long-name-of-a-package-that-nobody-reads-to-its-end",
    "what is error 0x80070005",
    "task-based risk-assessment of desk-research",
    "日本語の検索",
    "2026-11-23T12:00:00Z",
    "",
  ])("stays as it is: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("a long text", () => {
  const secret = key("", 40);

  it("is read at its beginning only, without the word at the cut", () => {
    const words = "word ".repeat(396);
    expect(redact(`${words}${secret} ${"more ".repeat(300_000)}`)).toBe(words);
    expect(redact(`${words}${"x".repeat(15)} ${secret}`)).toBe(`${words}${"x".repeat(15)} `);
    expect(redact("x".repeat(2001))).toBe("");
  });

  it("takes no time that grows with its square, whatever it repeats", () => {
    for (const part of ["pwd ", " ", "//a:", "eyJ", "a1", "-----BEGIN PRIVATE KEY-----", "-----BEGIN A "]) {
      expect(redact(`bearer${part.repeat(1_000_000)}`).length).toBeLessThanOrEqual(2000);
    }
  });
});
