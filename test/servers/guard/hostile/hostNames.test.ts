import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startIssuedGuard } from "./support/issuer.ts";
import { exchange, request } from "./support/raw.ts";

let world: Awaited<ReturnType<typeof startIssuedGuard>>;
beforeAll(async () => {
  // Names that the settings allow, and that no URL can have.
  const allowedHosts = ["localhost", "999.999.999.999", "[::::]", "a..b", "0x7f.1"];
  world = await startIssuedGuard({ listen: { allowedHosts } });
});
afterAll(() => world.close());

const ask = async (host: string, target = "/mcp") => {
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close"];
  const [answer] = await exchange(world.guard.url, request(lines));
  return answer;
};

describe("a name that can't be part of a URL", () => {
  it.each(["999.999.999.999", "[::::]", "localhost:99999", "localhost:65536", "a..b:1", "0x7f.1"])(
    "breaks nothing where the answer says where tokens come from: %s",
    async (host) => {
      const refused = await ask(host);
      expect(refused?.status).toBe(401);
      expect(refused?.headers["www-authenticate"]).toMatch(
        /^Bearer realm="hostile", resource_metadata="http:\/\/[\w.:[\]-]+\/\.well-known\/oauth-protected-resource\/mcp"$/,
      );
      const metadata = await ask(host, "/.well-known/oauth-protected-resource/mcp");
      expect(metadata?.status).toBe(200);
      expect(JSON.parse(metadata?.body ?? "")).toMatchObject({ authorization_servers: [world.iss] });
    },
  );

  it("or puts nothing into it", async () => {
    for (const host of ['localhost", error="', "localhost\xe9", "localhost/evil", "localhost evil"]) {
      const answer = await ask(host);
      expect([400, 403], host).toContain(answer?.status);
      expect(answer?.headers["www-authenticate"]).toBeUndefined();
    }
  });
});

it("none of it is an error of the guard's", () => {
  expect(world.guard.written.filter((line) => line.includes('"level":50'))).toEqual([]);
});
