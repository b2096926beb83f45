import { describe, expect, it } from "vitest";
import { readContext } from "../../../rehearsal/providers/docker/context.ts";
import { followDockerfile } from "../../../rehearsal/providers/docker/stages.ts";

const files = ["package.json", "echo/main.ts", "echo/lib/a.ts", "echo/README.md", ".hidden"];
const follow = (dockerfile: string, args: Record<string, string> = {}, target?: string) =>
  followDockerfile(
    {
      dockerfile,
      dockerfilePath: "Dockerfile",
      files: new Map(files.map((path) => [path, `/here/${path}`])),
      digest: "",
    },
    args,
    target,
  );
const placesOf = (dockerfile: string) =>
  follow(dockerfile).layers.map((layer) =>
    Object.fromEntries([...layer.files].map(([to, from]) => [to, from])),
  );

describe("COPY", () => {
  it.each<[string, Record<string, string>]>([
    ["COPY package.json ./", { "/app/package.json": "/here/package.json" }],
    ["COPY package.json other.json", { "/app/other.json": "/here/package.json" }],
    ["COPY package.json /etc/x/", { "/etc/x/package.json": "/here/package.json" }],
    ["COPY echo/*.ts srv/", { "/app/srv/main.ts": "/here/echo/main.ts" }],
    // A folder's content, and not the folder.
    [
      "COPY ./echo srv",
      {
        "/app/srv/main.ts": "/here/echo/main.ts",
        "/app/srv/lib/a.ts": "/here/echo/lib/a.ts",
        "/app/srv/README.md": "/here/echo/README.md",
      },
    ],
    [
      'COPY ["package.json", ".hidden", "x/"]',
      { "/app/x/package.json": "/here/package.json", "/app/x/.hidden": "/here/.hidden" },
    ],
    ["COPY . .", Object.fromEntries(files.map((path) => [`/app/${path}`, `/here/${path}`]))],
  ])("%s", (copy, expected) => {
    expect(placesOf(`FROM a\nWORKDIR /app\n${copy}`)).toEqual([expected]);
  });

  it("takes from other stages what was copied there, and nothing that a RUN makes", () => {
    const text =
      "FROM a AS build\nWORKDIR /src\nCOPY echo ./\nRUN make\nFROM b\nCOPY --from=build /src/lib /lib/\nCOPY --from=0 /src/dist /dist\nCOPY --from=docker.io/c /x /y";
    expect(placesOf(text)).toEqual([{ "/lib/a.ts": "/here/echo/lib/a.ts" }]);
  });

  it("refuses what the context hasn't, as Docker does", () => {
    expect(() => follow("FROM a\nCOPY echo/no.ts /x/")).toThrow(
      'COPY echo/no.ts /x/: "/echo/no.ts" is not in the build context, or .dockerignore leaves it out',
    );
  });
});

describe("the config", () => {
  it("is the last stage's", () => {
    const text = [
      "ARG BASE=node:24",
      `FROM \${BASE} AS one`,
      "USER root",
      "FROM $BASE",
      'ENV A=1 B="two words"',
      `ENV A=\${A}0`,
      "WORKDIR /app",
      "WORKDIR deep",
      "EXPOSE 3000 9464/udp",
      "USER 10001:10001",
      'ENTRYPOINT ["node"]',
      'CMD ["main.ts"]',
      "HEALTHCHECK NONE",
    ].join("\n");
    expect(follow(text)).toMatchObject({
      base: "node:24",
      config: {
        User: "10001:10001",
        WorkingDir: "/app/deep",
        Env: ["B=two words", "A=10"],
        ExposedPorts: { "3000/tcp": {}, "9464/udp": {} },
        Entrypoint: ["node"],
        Cmd: ["main.ts"],
      },
    });
  });

  it("begins with that of the stage it is made of, and forgets a command with another program", () => {
    const text =
      'FROM a AS one\nUSER 1\nENV X=1\nCMD ["x"]\nCOPY package.json /\nFROM one\nENTRYPOINT ["y"]\nENV Y=$X';
    const { base, config, layers } = follow(text);
    expect(config).toEqual({ User: "1", Env: ["X=1", "Y=1"], Entrypoint: ["y"] });
    expect([base, layers.length]).toEqual(["a", 1]);
  });

  it("takes build arguments where they are declared", () => {
    const text = "ARG V=1\nFROM a:$V\nENV BEFORE=$V\nARG V\nARG W=w\nENV AFTER=$V W=$W";
    expect(follow(text).config.Env).toEqual(["BEFORE=", "AFTER=1", "W=w"]);
    expect(follow(text, { V: "2", W: "x" })).toMatchObject({
      base: "a:2",
      config: { Env: ["BEFORE=", "AFTER=2", "W=x"] },
    });
  });

  it("is that of the target, which has to be there", () => {
    const text = "FROM a AS one\nUSER 1\nFROM b AS two\nUSER 2";
    expect(follow(text, {}, "One").config.User).toBe("1");
    expect(() => follow(text, {}, "three")).toThrow('target stage "three" could not be found');
    expect(() => follow("# nothing")).toThrow("the Dockerfile has no build stage in it");
  });
});

it.each([
  ["echo", ["/app/mcp-http/index.ts"], { Cmd: ["node", "echo/main.ts"] }],
  ["guard", ["/app/guard/config/schema.ts"], { Cmd: ["node", "guard/main.ts"] }],
  ["innovation-engine", ["/app/mcp-http/index.ts"], { Entrypoint: ["tini", "--"] }],
])("the Dockerfile of servers/%s is understood", async (name, files, start) => {
  const { config, layers } = followDockerfile(await readContext("servers", `servers/${name}/Dockerfile`), {});
  expect(config).toMatchObject({ User: "10001:10001", WorkingDir: "/app", ...start });
  expect(layers.flatMap((layer) => [...layer.files.keys()])).toEqual(
    expect.arrayContaining(["/app/package-lock.json", `/app/${name}/package.json`, ...files]),
  );
});
