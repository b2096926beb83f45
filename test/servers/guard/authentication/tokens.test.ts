import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAuthenticator } from "../../../../servers/guard/authentication/index.ts";
import { ConfigError } from "../../../../servers/guard/config.ts";
import { jwtSettings, keptLog, makeKey, reasonOf, sign, startIssuer } from "./issuer.ts";

const tokenA = "aaaaaaaaaaaaaaaaaaaaaaaa";
const tokenB = "b-._~+/b0123456789b0123==";

async function folder(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "guard-tokens-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
  return directory;
}

async function start(directory: string, roles: Record<string, string[]> = {}, others = {}) {
  const { log, lines } = keptLog();
  let passed = 0;
  const settings = { tokens: { directory, roles }, ...others };
  const authenticator = await createAuthenticator(settings, {
    log,
    now: () => new Date(Date.now() + passed),
  });
  const present = (token: string) => authenticator.authenticate(`Bearer ${token}`);
  const pass = (ms: number) => {
    passed += ms;
  };
  return { present, lines, pass };
}

/**
 * Replaces a mounted Secret's content as the kubelet does (k8s.io/kubernetes
 * pkg/volume/util/atomic_writer.go).
 */
async function mount(directory: string, generation: string, files: Record<string, string>): Promise<void> {
  await mkdir(join(directory, generation));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, generation, name), text);
    await symlink(join("..data", name), join(directory, name)).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  await symlink(generation, join(directory, "..data_tmp"));
  await rename(join(directory, "..data_tmp"), join(directory, "..data"));
}

describe("a token of a file", () => {
  it("names its caller and the caller's roles, whatever blanks end the file", async () => {
    const directory = await folder({ chat: `${tokenA}\n`, "ops-team": `  ${tokenB} \r\n` });
    const { present } = await start(directory, { chat: ["reader"], constructor: ["x"] });
    expect(await present(tokenA)).toEqual({ subject: "chat", roles: ["reader"] });
    expect(await present(tokenB)).toEqual({ subject: "ops-team", roles: [] });
  });

  it.each(["a", tokenA.slice(1), `${tokenA}a`, tokenA.toUpperCase(), "chat"])("isn't %j", async (token) => {
    const { present } = await start(await folder({ chat: tokenA }));
    expect(await reasonOf(present(token))).toBe("unknown-token");
  });

  it("has no roles of Object's own", async () => {
    const { present } = await start(await folder({ constructor: tokenA }));
    expect((await present(tokenA)).roles).toEqual([]);
  });

  it("may look like a JWT where none counts", async () => {
    const { present } = await start(await folder({ chat: "part-one.part-two.part-three" }));
    expect((await present("part-one.part-two.part-three")).subject).toBe("chat");
  });
});

describe("the folder of tokens", () => {
  it("is a mounted Secret, whose changes count within a second", async () => {
    const directory = await folder({});
    await mount(directory, "..2026_1", { chat: tokenA });
    const { present, pass } = await start(directory);
    expect((await present(tokenA)).subject).toBe("chat");

    await mount(directory, "..2026_2", { chat: tokenB, ops: tokenA });
    pass(1000);
    const callers = await Promise.all([present(tokenB), present(tokenA), present(tokenB)]);
    expect(callers.map(({ subject }) => subject)).toEqual(["chat", "ops", "chat"]);
    expect((await present(tokenB)).subject).toBe("chat");
  });

  it("that loses all its files knows nobody any more, and says so once", async () => {
    const directory = await folder({ chat: tokenA });
    const { present, pass, lines } = await start(directory);
    await rm(join(directory, "chat"));
    pass(1000);
    expect(await reasonOf(present(tokenA))).toBe("unknown-token");
    pass(1000);
    expect(await reasonOf(present(tokenA))).toBe("unknown-token");
    expect(lines).toHaveLength(1);
    await writeFile(join(directory, "chat"), tokenA);
    pass(1000);
    expect((await present(tokenA)).subject).toBe("chat");
  });

  it("loses only the callers whose file went bad", async () => {
    const directory = await folder({ chat: tokenA, ops: tokenB });
    const { present, pass, lines } = await start(directory);
    await writeFile(join(directory, "chat"), "short");
    pass(1000);
    expect(await reasonOf(present(tokenA))).toBe("unknown-token");
    expect((await present(tokenB)).subject).toBe("ops");
    expect(lines.join()).toContain("chat: is shorter than 16 characters");
  });

  it.each([
    [{}, /holds no tokens; each caller needs a file/],
    [{ chat: "" }, /chat: is shorter than 16 characters/],
    [{ chat: `${tokenA} ${tokenA}` }, /chat: holds characters that no bearer token may have/],
    [{ a: tokenA, b: tokenA }, /b: has the same token as a/],
    [{ a: "x", b: `${tokenA}"` }, /a: is shorter.*b: holds characters/],
  ])("with %j stops the start", async (files, message) => {
    const failed = start(await folder(files));
    await expect(failed).rejects.toThrow(ConfigError);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(tokenA);
  });

  it("that isn't there stops the start, and so does a folder in it", async () => {
    await expect(start("/nonexistent/tokens")).rejects.toThrow(
      "authentication.tokens.directory: /nonexistent/tokens can't be read (ENOENT)",
    );
    const directory = await folder({ chat: tokenA });
    await mkdir(join(directory, "more"));
    await expect(start(directory)).rejects.toThrow("more: can't be read (EISDIR)");
  });

  it("is compared with the roles of the settings", async () => {
    const { lines } = await start(await folder({ chat: tokenA }), { chatt: ["reader"] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"caller":"chatt"');
  });
});

describe("tokens of files beside JWTs", () => {
  it("each find their caller", async () => {
    const key = await makeKey("ES256", "1");
    const issuer = await startIssuer([key.jwk]);
    const { present } = await start(await folder({ chat: tokenA }), {}, jwtSettings(issuer.issuer));
    expect((await present(tokenA)).subject).toBe("chat");
    expect((await present(await sign(key, { iss: issuer.issuer }))).subject).toBe("alice");
    expect(await reasonOf(present("no.jwt.here"))).toBe("malformed");
    expect(await reasonOf(present("no.jwt"))).toBe("unknown-token");
  });

  it("keep their names: no JWT can be one of those callers", async () => {
    const key = await makeKey("ES256", "1");
    const issuer = await startIssuer([key.jwk]);
    const { present } = await start(await folder({ chat: tokenA }), {}, jwtSettings(issuer.issuer));
    expect(await reasonOf(present(await sign(key, { iss: issuer.issuer, sub: "chat" })))).toBe("claims");
  });

  it("mustn't look like one", async () => {
    const directory = await folder({ chat: "part-one.part-two.part-three" });
    await expect(start(directory, {}, jwtSettings("https://issuer.example"))).rejects.toThrow(
      "looks like a JWT",
    );
  });
});
