import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inGroup, versions } from "../arm/support.ts";
import { type Login, type RegistryStage, startRegistryStage } from "./support/registry.ts";

const host = "demoreg1.azurecr.io";
const echo = `${host}/mcp/echo`;
const rights = (repository: string, ...names: string[]) =>
  names.map((right) => `repositories/${repository}/${right}`);
const push = ["content/read", "content/write", "metadata/read"];

let stage: RegistryStage;
let pusher: Login;
let reader: Login;
let image: string;

beforeAll(async () => {
  stage = await startRegistryStage();
  await stage.makeRegistry("demoreg1");
  await stage.makeRegistry("demoreg2");
  pusher = await stage.makeToken("demoreg1", "images-push", rights("mcp/echo", ...push));
  reader = await stage.makeToken(
    "demoreg1",
    "images-pull",
    rights("mcp/echo", "content/read", "metadata/read"),
  );
  await writeFile(join(stage.dir, "file"), "content");
  await execa("tar", ["-cf", "layer.tar", "file"], { cwd: stage.dir });
  image = join(stage.dir, "image.tar");
  await stage.crane(undefined, "append", "-f", join(stage.dir, "layer.tar"), "-o", image, "-t", "image");
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.requests.length = 0;
});

const as = (login: Login, at = host) => ({ host: at, ...login });
const basic = ({ username, password }: Login) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
const scoped = (path: string, scope: string) => `${path}?service=${host}&scope=${scope}`;

describe("a push and a pull with the token that the stack makes", () => {
  test("work, by the names that programs know, and what is pulled is what was pushed", async () => {
    const pushed = await stage.crane(as(pusher), "push", image, `${echo}:1`);
    expect(pushed).toMatch(/^demoreg1\.azurecr\.io\/mcp\/echo@sha256:[0-9a-f]{64}$/);
    expect(await stage.crane(as(reader), "digest", `${echo}:1`)).toBe(pushed.split("@")[1]);
    await stage.crane(as(reader), "pull", pushed, join(stage.dir, "pulled.tar"));
    expect(await stage.crane(as(reader), "ls", echo)).toBe("1");
    // First nobody is asked who they are, as any client does; then with a token, and never with the password.
    expect(stage.requests.slice(0, 2)).toEqual([`${host} GET /v2/ 401`, `${host} GET /oauth2/token 200`]);
  });

  test("push no layer that the registry has", async () => {
    await stage.crane(as(pusher), "push", image, `${echo}:1`);
    stage.requests.length = 0;
    await stage.crane(as(pusher), "push", image, `${echo}:2`);
    expect(stage.requests.filter((line) => / (POST|PATCH) | PUT .*\/blobs\//.test(line))).toEqual([]);
    expect(stage.requests).toContain(`${host} PUT /v2/mcp/echo/manifests/2 201`);
  });

  test("find an empty registry where one was made anew", async () => {
    const fresh = `demoreg9.azurecr.io/mcp/echo:1`;
    const make = async () => {
      await stage.makeRegistry("demoreg9");
      return as(
        await stage.makeToken("demoreg9", "images-push", rights("mcp/echo", ...push)),
        "demoreg9.azurecr.io",
      );
    };
    await stage.crane(await make(), "push", image, fresh);
    const path = inGroup(stage.rig, `Microsoft.ContainerRegistry/registries/demoreg9?${versions.registry}`);
    await stage.rig.finish(await stage.rig.raw("DELETE", path));
    await expect(stage.crane(undefined, "digest", fresh)).rejects.toThrow(/Forbidden/);
    await expect(stage.crane(await make(), "digest", fresh)).rejects.toThrow(/MANIFEST_UNKNOWN|NAME_UNKNOWN/);
  });
});

describe("ACR's refusal meets", () => {
  // A HEAD, with which crane asks for some manifests first, is answered without a body.
  const unauthorized =
    /UNAUTHORIZED: authentication required, visit https:\/\/aka\.ms\/acr\/authorization|HEAD .* 401 Unauthorized/;
  const pushAs = (login: Login | undefined, to = `${echo}:x`, at?: string) =>
    stage.crane(login && as(login, at), "push", image, to);
  const pullAs = (login: Login | undefined, from = `${echo}:1`, at?: string) =>
    stage.crane(login && as(login, at), "manifest", from);

  beforeAll(async () => {
    await stage.crane(as(pusher), "push", image, `${echo}:1`);
  });

  test("no credentials", async () => {
    await expect(pushAs(undefined)).rejects.toThrow(unauthorized);
    await expect(pullAs(undefined)).rejects.toThrow(unauthorized);
  });

  test("a wrong password, or a name that is none", async () => {
    for (const wrong of [{ password: `${pusher.password}x` }, { password: "" }, { username: "images-it" }]) {
      await expect(pushAs({ ...pusher, ...wrong })).rejects.toThrow(unauthorized);
      await expect(pullAs({ ...pusher, ...wrong })).rejects.toThrow(unauthorized);
    }
  });

  test("a token that may only read, when it pushes", async () => {
    await expect(pushAs(reader)).rejects.toThrow(unauthorized);
    expect(await pullAs(reader)).toContain('"schemaVersion":2');
  });

  test("a token for one repository, in another one", async () => {
    await expect(pushAs(pusher, `${host}/mcp/guard:1`)).rejects.toThrow(unauthorized);
    await expect(pullAs(pusher, `${host}/mcp/guard:1`)).rejects.toThrow(unauthorized);
    await expect(pullAs(pusher, `${host}/mcp/echo2:1`)).rejects.toThrow(unauthorized);
  });

  test("a token of another registry", async () => {
    const other = "demoreg2.azurecr.io";
    await expect(pushAs(pusher, `${other}/mcp/echo:1`, other)).rejects.toThrow(unauthorized);
    const namesake = await stage.makeToken("demoreg2", "images-push", rights("mcp/echo", ...push));
    await expect(pullAs(namesake)).rejects.toThrow(unauthorized);
  });

  test("a disabled token", async () => {
    const login = await stage.makeToken("demoreg1", "images-off", rights("mcp/echo", ...push));
    expect(await pullAs(login)).toContain('"schemaVersion":2');
    await stage.setToken("demoreg1", "images-off", { status: "disabled" });
    await expect(pushAs(login)).rejects.toThrow(unauthorized);
    await expect(pullAs(login)).rejects.toThrow(unauthorized);
  });

  test("an expired password", async () => {
    const expiry = new Date(stage.clock.now + 3_600_000).toISOString();
    const login = await stage.makeToken("demoreg1", "images-aged", rights("mcp/echo", ...push), expiry);
    expect(await pullAs(login)).toContain('"schemaVersion":2');
    stage.clock.now += 3_600_000;
    await expect(pushAs(login)).rejects.toThrow(unauthorized);
    await expect(pullAs(login)).rejects.toThrow(unauthorized);
  });

  test("the password from before, once a new one took its place", async () => {
    const name = "images-turn";
    const old = await stage.makeToken("demoreg1", name, rights("mcp/echo", ...push));
    const fresh = await stage.makeToken("demoreg1", name, rights("mcp/echo", ...push));
    await expect(pullAs(old)).rejects.toThrow(unauthorized);
    expect(await pullAs(fresh)).toContain('"schemaVersion":2');
  });

  test("who asks for a registry that isn't there, or for the catalogue", async () => {
    await expect(pullAs(pusher, "demoreg7.azurecr.io/mcp/echo:1")).rejects.toThrow(/Forbidden/);
    await expect(stage.crane(as(pusher), "catalog", host)).rejects.toThrow(unauthorized);
  });
});

describe("on the wire", () => {
  const manifest = "/v2/mcp/echo/manifests/1";

  test("a challenge names realm, service and what is needed", async () => {
    const realm = `Bearer realm="https://${host}/oauth2/token",service="${host}"`;
    expect(await stage.ask(host, "GET", "/v2/")).toMatchObject({ status: 401, authenticate: realm });
    const { authenticate, body } = await stage.ask(host, "GET", manifest);
    expect(authenticate).toBe(`${realm},scope="repository:mcp/echo:pull"`);
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          code: "UNAUTHORIZED",
          message: expect.stringContaining("aka.ms/acr/authorization"),
          detail: [{ Type: "repository", Class: "", Name: "mcp/echo", Action: "pull" }],
        },
      ],
    });
    const upload = await stage.ask(host, "POST", "/v2/mcp/echo/blobs/uploads/");
    expect(upload.authenticate).toBe(`${realm},scope="repository:mcp/echo:pull,push"`);
  });

  test("name and password do without a bearer token; wrong ones are asked for again", async () => {
    await stage.crane(as(pusher), "push", image, `${echo}:1`);
    expect((await stage.ask(host, "GET", manifest, basic(reader))).status).toBe(200);
    expect((await stage.ask(host, "GET", "/v2/", basic(reader))).status).toBe(200);
    expect(await stage.ask(host, "GET", manifest, basic({ ...reader, password: "no" }))).toMatchObject({
      status: 401,
      authenticate: 'Basic realm="Azure Container Registry"',
    });
    expect((await stage.ask(host, "PUT", manifest, basic(reader))).status).toBe(401);
  });

  test("a bearer token has what was asked for and is allowed, in its registry, until it expires", async () => {
    await stage.crane(as(pusher), "push", image, `${echo}:1`);
    const tokenFor = async (login: Login, scope: string) => {
      const { body } = await stage.ask(host, "GET", scoped("/oauth2/token", scope), basic(login));
      return `Bearer ${JSON.parse(body).access_token}`;
    };
    const [pull, both, other] = [
      await tokenFor(pusher, "repository:mcp/echo:pull"),
      await tokenFor(reader, "repository:mcp/echo:pull,push"),
      await tokenFor(pusher, "repository:mcp/guard:pull"),
    ];
    const status = async (method: string, path: string, token: string, at = host) =>
      (await stage.ask(at, method, path, token)).status;
    expect(await status("GET", manifest, pull)).toBe(200);
    // Asked for too little, allowed too little, another repository, another registry.
    const uploads = "/v2/mcp/echo/blobs/uploads/";
    expect(await status("POST", uploads, pull)).toBe(401);
    expect(await status("GET", manifest, both)).toBe(200);
    expect(await status("POST", uploads, both)).toBe(401);
    expect(await status("GET", manifest, other)).toBe(401);
    expect(await status("GET", "/v2/", pull, "demoreg2.azurecr.io")).toBe(401);
    expect(await status("GET", manifest, "Bearer forged")).toBe(401);
    stage.clock.now += 75 * 60_000;
    expect(await status("GET", manifest, pull)).toBe(401);
  });

  test("a layer can't be taken over from a repository that isn't readable", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const mount = (from: string) =>
      stage.ask(host, "POST", `/v2/mcp/echo/blobs/uploads/?mount=${digest}&from=${from}`, basic(pusher));
    expect([(await mount("mcp/echo")).status, (await mount("mcp/guard")).status]).toEqual([202, 401]);
  });

  test("paths lead nowhere but into the registry's own repositories", async () => {
    for (const path of [
      "/v2/mcp/echo/../../demoreg2/x/manifests/1",
      "/v2/Echo/manifests/1",
      "/",
      "/v2/a/b",
    ]) {
      const { status } = await stage.ask(host, "GET", path, basic(pusher));
      expect([path, status]).toEqual([path, path.includes("..") ? 401 : 404]);
    }
    const encoded = "/v2/mcp/echo/%2e%2e/%2e%2e/x/manifests/1";
    expect((await stage.ask(host, "GET", encoded, basic(pusher))).status).toBe(401);
  });
});
