import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkedProxyUrl } from "../../../components/openWebSearch/proxy.ts";
import { OpenWebSearch, type OpenWebSearchArgs } from "../../../components/openWebSearch.ts";
import { failureOf, needs, resolved, runWithMocks } from "../../support/mocks.ts";

const SERVER = "kubernetes:kagent.dev/v1alpha1:MCPServer";
const SECRET = "kubernetes:core/v1:Secret";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

// As the real provider does, which names what has no name.
const named = ({ metadata }: { metadata: object }) => ({
  metadata: { name: "search-proxy-1a2b", ...metadata },
});

const run = (args: Partial<OpenWebSearchArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new OpenWebSearch("search", {
        namespace: "mcp",
        image: "example.azurecr.io/mcp/open-websearch:2.1.11",
        guard: { image: "example.azurecr.io/mcp/guard:0.1.0", authentication: { none: "anyone-may-call" } },
        ...args,
      }),
    { outputs: { [SECRET]: named }, knownInPreview: [SECRET] },
    options,
  );

const proxy = {
  useProxy: true,
  proxyUrl: "http://user:hunter2@10.1.0.4:3128",
  proxyEgress: [{ cidr: "10.1.0.4/32", ports: [3128] }],
};

const guardOfIssuer = (cidr: string) => ({
  image: "example.azurecr.io/mcp/guard:0.1.0",
  authentication: { jwt: { issuer: "https://login.example.com/", audience: ["a"], egress: [{ cidr }] } },
});

describe.each([{ preview: false }, { preview: true }])("OpenWebSearch, preview: $preview", ({ preview }) => {
  it("runs the server behind its guard, as the image's user", async () => {
    const { find, result } = await run({}, { preview });
    const { spec } = find(SERVER).inputs;
    expect(spec).toMatchObject({ transportType: "http", httpTransport: { targetPort: 3000 } });
    expect(spec.deployment).toMatchObject({
      replicas: 1,
      securityContext: { runAsUser: 1001, readOnlyRootFilesystem: true },
      resources: { limits: { memory: "768Mi" } },
      env: {
        MODE: "http",
        PORT: "8080",
        DEFAULT_SEARCH_ENGINE: "duckduckgo",
        ALLOWED_SEARCH_ENGINES: "duckduckgo,startpage,brave,bing",
        SEARCH_MODE: "request",
        ENABLE_CORS: "false",
        USE_PROXY: "false",
      },
    });
    expect(spec.deployment.sidecars).toHaveLength(1);
    expect(await resolved(result.url)).toBe("http://search.mcp.svc.cluster.local:3000/mcp");
  });

  it("keeps the proxy's URL in a Secret, which is there before the pod, and logs nothing of it", async () => {
    const { find, resources } = await run(proxy, { preview });
    const secret = find(SECRET);
    expect(secret.inputs.stringData).toEqual({ PROXY_URL: proxy.proxyUrl });
    expect(secret.secretInputs.join()).toContain("stringData");
    expect(secret.inputs.metadata).not.toHaveProperty("name");
    const server = find(SERVER);
    expect(server.inputs.spec.deployment.secretRefs).toEqual([{ name: "search-proxy-1a2b" }]);
    expect(server.inputs.spec.deployment.env).toMatchObject({
      USE_PROXY: "true",
      OPEN_WEBSEARCH_QUIET_STARTUP: "true",
    });
    expect(needs(resources, server, secret)).toBe(true);
    const others = resources.filter((each) => each !== secret);
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toContain("hunter2");
  });
});

describe("OpenWebSearch", () => {
  it("lets the pods out to the internet on 443 and to nothing that is private", async () => {
    const { egress } = (await run()).find(POLICY, "search-network").inputs.spec;
    expect(egress).toEqual([
      {
        to: [
          {
            ipBlock: {
              cidr: "0.0.0.0/0",
              except: expect.arrayContaining([
                "10.0.0.0/8",
                "169.254.0.0/16",
                "172.16.0.0/12",
                "192.168.0.0/16",
              ]),
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  it("lets them out to the proxy alone, if there is one", async () => {
    const { egress } = (await run(proxy)).find(POLICY, "search-network").inputs.spec;
    expect(egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.1.0.4/32" } }], ports: [{ protocol: "TCP", port: 3128 }] },
    ]);
  });

  it("lets them out to the issuer of the callers' tokens too, which the proxy doesn't change", async () => {
    const { find } = await run({ ...proxy, guard: guardOfIssuer("192.0.2.7/32") });
    const { egress } = find(POLICY, "search-network").inputs.spec;
    expect(egress.flatMap(({ to }: { to: object[] }) => to)).toEqual([
      { ipBlock: { cidr: "10.1.0.4/32" } },
      { ipBlock: { cidr: "192.0.2.7/32" } },
    ]);
    const open = { guard: guardOfIssuer("0.0.0.0/0") };
    await expect(run(open)).resolves.toBeDefined();
  });

  it("tells the guard engines and limits, and the pods' port is the guard's alone", async () => {
    const { find } = await run({ allowedEngines: ["bing", "brave"], transport: "sse" });
    const config = parse(find(CONFIG_MAP).inputs.data["guard.yaml"]);
    expect(config).toMatchObject({
      upstream: { url: "http://127.0.0.1:8080/mcp", sse: true },
      search: { engines: ["bing", "brave"], fallback: true },
      limits: { engines: { bing: { calls: 30, seconds: 60 } }, concurrency: 8 },
    });
    // Upstream listens on every address of the pod, whatever HOST says.
    const ports = find(POLICY, "search-network").inputs.spec.ingress.flatMap(
      (rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port),
    );
    expect(ports).toEqual([3000]);
  });

  it("is started by KMCP's gateway for stdio, and then listens on no port", async () => {
    const { spec } = (await run({ transport: "stdio" })).find(SERVER).inputs;
    expect(spec).toMatchObject({ transportType: "stdio", deployment: { cmd: "node" } });
    expect(spec.deployment.args).toEqual(["/app/build/index.js"]);
    expect(spec.deployment.env).toMatchObject({ MODE: "stdio" });
    expect(spec.deployment.env).not.toHaveProperty("PORT");
  });

  it("keeps its defaults where an argument is there and undefined", async () => {
    const { spec } = (await run({ timeoutSeconds: undefined, resources: undefined })).find(SERVER).inputs;
    expect(spec.timeout).toBe("60s");
    expect(spec.deployment.resources.limits.memory).toBe("768Mi");
  });

  it.each<[string, object, RegExp]>([
    [
      "an unknown engine",
      { allowedEngines: ["google"] },
      /^allowedEngines\.0: must be one of baidu, bing, linuxdo/,
    ],
    ["more pods", { replicas: 2 }, /^replicas: must be 1: sessions are in the memory/],
    ["no guard", { guard: "none" }, /^guard: "none" is not allowed/],
    [
      "a proxy, and a way past it for the guard's issuer",
      { ...proxy, guard: guardOfIssuer("0.0.0.0/0") },
      /^guard\.authentication\.jwt\.egress\.0\.cidr: must be the addresses of the issuer alone/,
    ],
    ["an argument that isn't there", { colour: "red" }, /^colour: /],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  it("refuses a proxy's URL without repeating it", async () => {
    const wrong = "http://user:hunter%40@proxy:3128";
    await expect(run({ ...proxy, proxyUrl: wrong })).rejects.toThrow(/^proxyUrl: (?!.*hunter)/);
    const later = checkedProxyUrl(pulumi.output(wrong));
    const message = expect.stringMatching(/^proxyUrl: (?!.*hunter)/);
    expect(await failureOf(later)).toMatchObject({ message });
  });
});
