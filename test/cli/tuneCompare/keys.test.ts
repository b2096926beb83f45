import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Comparing, echo } from "./comparing.ts";
import { answer, type Behaviour, question, refuse } from "./server.ts";

const comparing = new Comparing();

describe("mcpaas tune-compare and keys", () => {
  const key = "sk-very-secret";

  it("sends each key to its own endpoint only, and writes it nowhere", async () => {
    const telling: Behaviour = (asked, response) => {
      const sent = asked.headers.authorization ?? "";
      if (question(asked) === "fail") refuse(response, 400, `Incorrect key: ${sent}`);
      else answer(asked, response, [`You sent ${sent}`]);
    };
    const [base, tuned] = [
      await comparing.serve(["phi"], telling),
      await comparing.serve(["dolly"], telling),
    ];
    await writeFile(comparing.prompts, "fail\ngo\n");
    const { code, stdout, stderr } = await comparing.compare(base, tuned, ["--tuned-api-key-env", "MY_KEY"], {
      MY_KEY: key,
    });
    expect(code).toBe(1);
    expect(new Set(tuned.asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${key}`]),
    );
    expect(new Set(base.asked.map(({ headers }) => headers.authorization))).toEqual(new Set([undefined]));
    const written = await Promise.all(
      ["tune-compare.md", "tune-compare.json"].map((name) => readFile(join(comparing.dir, name), "utf8")),
    );
    for (const text of [stdout, stderr, ...written]) expect(text).not.toContain(key);
    expect(written[1]).toContain("You sent Bearer [key]");
  });

  it("sends one key to both when told so", async () => {
    const server = await comparing.serve(["phi"], echo);
    await writeFile(comparing.prompts, "x\n");
    await comparing.compare(server, server, ["--api-key-env", "MY_KEY"], { MY_KEY: key });
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill(`Bearer ${key}`));
  });

  it("doesn't send what the environment has for OpenAI itself", async () => {
    const server = await comparing.serve(["phi"], echo);
    await writeFile(comparing.prompts, "x\n");
    const { code } = await comparing.compare(server, server, [], {
      OPENAI_API_KEY: key,
      OPENAI_ADMIN_KEY: key,
      OPENAI_ORG_ID: "org-secret",
      OPENAI_PROJECT_ID: "proj-secret",
      OPENAI_BASE_URL: "http://127.0.0.1:1",
    });
    expect(code).toBe(0);
    expect(server.asked).toHaveLength(4);
    expect(JSON.stringify(server.asked)).not.toMatch(/secret/);
  });

  it("ends with 2 when the variable isn't set", async () => {
    const server = await comparing.serve(["phi"], echo);
    await writeFile(comparing.prompts, "x\n");
    const { code, stderr } = await comparing.compare(server, server, ["--api-key-env", "MY_KEY"]);
    expect(code).toBe(2);
    expect(stderr).toBe("error: there is no API key: the environment variable MY_KEY is not set\n");
    expect(server.asked).toEqual([]);
  });
});
