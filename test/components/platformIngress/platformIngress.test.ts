import { describe, expect, it } from "vitest";
import { listenerName } from "../../../components/platformIngress/names.ts";
import { azure, GATEWAY_ADDRESS } from "../../support/azure.ts";
import { needs, resolved } from "../../support/mocks.ts";
import { ARGS, CERTIFICATE, CHAT, ECHO, GATEWAY, ROUTE, run } from "./fixtures.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const RECORD = "azure-native:dns:RecordSet";
const hostnameAnswers = {
  ...azure,
  outputs: {
    ...azure.outputs,
    [GATEWAY]: () => ({ status: { addresses: [{ type: "Hostname", value: "abc.fz.alb.azure.com" }] } }),
  },
};

describe.each([{ preview: false }, { preview: true }])(
  "PlatformIngress, preview: $preview",
  ({ preview }) => {
    it("has a listener with TLS for each host, whose routes come from one namespace", async () => {
      const { find } = await run({}, { preview });
      const { spec, metadata } = find(GATEWAY).inputs;
      expect(metadata).toMatchObject({ name: "front-door", namespace: "ingress" });
      expect(JSON.parse(metadata.annotations["pulumi.com/waitFor"])).toEqual([
        "condition=Programmed",
        "jsonpath={.status.addresses[0].value}",
      ]);
      expect(spec.gatewayClassName).toBe("approuting-istio");
      expect(spec.listeners[0]).toMatchObject({
        name: "http",
        port: 80,
        protocol: "HTTP",
        allowedRoutes: { namespaces: { from: "Same" } },
      });
      const from = (namespace: string) => ({
        from: "Selector",
        selector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      });
      const https = ({ host, target }: typeof CHAT) => ({
        name: listenerName(host),
        hostname: host,
        port: 443,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: host }] },
        allowedRoutes: {
          namespaces: from(target.namespace),
          kinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
        },
      });
      expect(spec.listeners.slice(1)).toEqual([https(CHAT), https(ECHO)]);
    });

    it("puts a host's route beside its Service, with HSTS and no limit of time", async () => {
      const { find } = await run({}, { preview });
      const chat = find(ROUTE, "front-door-route-chat.example.com").inputs;
      expect(chat.metadata).toMatchObject({
        name: "chat.example.com",
        namespace: "chat",
        annotations: { "mcpaas.dev/authentication": "the chat app" },
      });
      expect(chat.spec).toEqual({
        parentRefs: [
          {
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            namespace: "ingress",
            name: "front-door",
            sectionName: listenerName("chat.example.com"),
          },
        ],
        hostnames: ["chat.example.com"],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            filters: [
              {
                type: "ResponseHeaderModifier",
                responseHeaderModifier: {
                  set: [{ name: "Strict-Transport-Security", value: "max-age=31536000" }],
                },
              },
            ],
            backendRefs: [{ group: "", kind: "Service", name: "chat", port: 80, weight: 1 }],
            timeouts: { request: "0s" },
          },
        ],
      });
      const [rule] = find(ROUTE, "front-door-route-echo.example.com").inputs.spec.rules;
      expect(rule.matches).toEqual([{ path: { type: "PathPrefix", value: "/mcp" } }]);
      expect(rule.timeouts).toEqual({ request: "600s" });
    });

    it("redirects plain HTTP of its hosts for good, from a route of the Gateway's own namespace", async () => {
      const { find } = await run({}, { preview });
      const { spec, metadata } = find(ROUTE, "front-door-redirect").inputs;
      expect(metadata.namespace).toBe("ingress");
      expect(spec.parentRefs[0].sectionName).toBe("http");
      expect(spec.hostnames).toEqual(["chat.example.com", "echo.example.com"]);
      expect(spec.rules[0].filters).toEqual([
        { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
      ]);
    });

    it("asks for a certificate for each host once the Gateway and the records are there", async () => {
      const dns = { zone: "example.com", resourceGroupName: "rg-dns" };
      const { find, resources } = await run({ dns }, { preview });
      const certificate = find(CERTIFICATE, "front-door-certificate-chat.example.com");
      expect(certificate.inputs.spec).toMatchObject({
        secretName: "chat.example.com",
        dnsNames: ["chat.example.com"],
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt-staging" },
        privateKey: { rotationPolicy: "Always" },
      });
      expect(certificate.inputs.metadata.annotations).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
      expect(needs(resources, certificate, find(GATEWAY))).toBe(true);
      expect(needs(resources, certificate, find(RECORD, "front-door-dns-chat.example.com"))).toBe(true);
      expect(needs(resources, find(GATEWAY), find(NAMESPACE))).toBe(true);
      expect(needs(resources, find(GATEWAY), certificate)).toBe(false);
    });

    it("puts everything into the cluster it was given", async () => {
      const { resources } = await run({}, { preview });
      const inCluster = resources.filter((r) => r.type.startsWith("kubernetes:"));
      expect(inCluster.length).toBeGreaterThan(8);
      for (const { name, provider } of inCluster) expect([name, provider]).toEqual([name, "cluster"]);
    });
  },
);

describe("PlatformIngress", () => {
  it("tells its address, its URLs and who calls what is routed", async () => {
    const { result } = await run();
    expect(await resolved(result.address)).toBe(GATEWAY_ADDRESS);
    expect(await resolved(result.urls)).toEqual({
      "chat.example.com": "https://chat.example.com",
      "echo.example.com": "https://echo.example.com",
    });
    expect(result.clients).toEqual([
      { namespace: "ingress", podLabels: { "gateway.networking.k8s.io/gateway-name": "front-door" } },
    ]);
  });

  it("holds its namespace to baseline with a reason, and to restricted where no pods are in it", async () => {
    const istio = (await run()).find(NAMESPACE).inputs.metadata;
    expect(istio.labels["pod-security.kubernetes.io/enforce"]).toBe("baseline");
    expect(Object.values(istio.annotations).join()).toMatch(/seccomp/);
    const alb = await run({ className: "azure-alb-external", clients: [{ cidr: "10.225.0.0/24" }] });
    expect(alb.find(NAMESPACE).inputs.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe(
      "restricted",
    );
  });

  it.each<[string, object, string]>([
    ["the header's time", { hsts: { maxAgeSeconds: 60 } }, "max-age=60"],
    ["hosts below", { hsts: { includeSubDomains: true } }, "max-age=31536000; includeSubDomains"],
  ])("HSTS: %s", async (_, args, value) => {
    const { find } = await run(args);
    const [rule] = find(ROUTE, "front-door-route-chat.example.com").inputs.spec.rules;
    expect(rule.filters[0].responseHeaderModifier.set[0].value).toBe(value);
  });

  it("leaves HSTS out where it is false", async () => {
    const { find } = await run({ hsts: false });
    const [rule] = find(ROUTE, "front-door-route-chat.example.com").inputs.spec.rules;
    expect(rule).not.toHaveProperty("filters");
  });

  it("tells the load balancer through the Gateway, and Istio through a ConfigMap", async () => {
    const { find, resources } = await run({
      dnsLabel: "mcpaas-dev",
      idleMinutes: 60,
      sourceRanges: ["203.0.113.0/24"],
      replicas: { min: 3, max: 6 },
    });
    const { infrastructure } = find(GATEWAY).inputs.spec;
    expect(infrastructure).toEqual({
      annotations: {
        // Asked for "/" with TLS and without a name, the gateway would be taken for dead.
        "service.beta.kubernetes.io/port_80_health-probe_protocol": "http",
        "service.beta.kubernetes.io/port_80_health-probe_port": "15021",
        "service.beta.kubernetes.io/port_443_health-probe_protocol": "http",
        "service.beta.kubernetes.io/port_443_health-probe_port": "15021",
        "service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path": "/healthz/ready",
        "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "60",
        "service.beta.kubernetes.io/azure-dns-label-name": "mcpaas-dev",
      },
      parametersRef: { group: "", kind: "ConfigMap", name: "front-door-options" },
    });
    const options = find("kubernetes:core/v1:ConfigMap");
    expect(options.inputs.metadata).toEqual({ name: "front-door-options", namespace: "ingress" });
    expect(options.inputs.data).toEqual({
      service: "spec:\n  loadBalancerSourceRanges:\n    - 203.0.113.0/24\n",
      horizontalPodAutoscaler: "spec:\n  minReplicas: 3\n  maxReplicas: 6\n",
    });
    expect(needs(resources, find(GATEWAY), options)).toBe(true);
  });

  it.each([
    ["a public address of Azure's", { publicIp: { name: "pip-mcpaas", resourceGroup: "rg-network" } }],
    ["a name of Azure's", { dnsLabel: "mcpaas-dev" }],
    ["an inner address", { internal: true }],
  ])("has no more annotations for its Service than the Gateway API takes, with %s", async (_what, args) => {
    const { find } = await run(args);
    expect(Object.keys(find(GATEWAY).inputs.spec.infrastructure.annotations).length).toBeLessThanOrEqual(8);
  });

  it("is another Gateway with another class, and the old one goes before it", async () => {
    const { find } = await run();
    const { replaceOnChanges, deleteBeforeReplace } = find(GATEWAY);
    expect(replaceOnChanges).toEqual(["spec.gatewayClassName"]);
    expect(deleteBeforeReplace).toBe(true);
  });

  it("has new routes, whose state isn't the old ones', where they lean on something else", async () => {
    const { resources } = await run();
    const routes = resources.filter(({ type }) => type === ROUTE);
    expect(routes).toHaveLength(3);
    for (const { name, replaceOnChanges, deleteBeforeReplace } of routes) {
      expect([name, replaceOnChanges, deleteBeforeReplace]).toEqual([
        name,
        ["spec.parentRefs", "spec.rules[*].backendRefs"],
        true,
      ]);
    }
  });

  it("has room in its namespace for every pod that it may ask for, while they are updated", async () => {
    const { find } = await run({ replicas: { min: 2, max: 100 } });
    const { hard } = find("kubernetes:core/v1:ResourceQuota").inputs.spec;
    const pods = 100 + 25;
    expect(Number(hard.pods)).toBeGreaterThanOrEqual(pods + 2);
    expect(Number(hard["requests.cpu"])).toBeGreaterThanOrEqual(pods * 0.1);
    expect(Number.parseInt(hard["requests.memory"], 10)).toBeGreaterThanOrEqual((pods * 128) / 1024);
    expect(Number.parseInt(hard["limits.memory"], 10)).toBeGreaterThanOrEqual(pods);
    const usual = (await run()).find("kubernetes:core/v1:ResourceQuota").inputs.spec.hard;
    expect(usual).toEqual({
      pods: "50",
      "requests.cpu": "8",
      "requests.memory": "16Gi",
      "limits.memory": "32Gi",
    });
  });

  it("takes an internal address, or a public one that exists", async () => {
    const azureKey = (key: string) => `service.beta.kubernetes.io/azure-${key}`;
    const internal = await run({ internal: true, acmeHttp01: false });
    expect(internal.find(GATEWAY).inputs.spec.infrastructure.annotations).toMatchObject({
      [azureKey("load-balancer-internal")]: "true",
    });
    const existing = await run({ publicIp: { name: "pip", resourceGroup: "rg-net" } });
    expect(existing.find(GATEWAY).inputs.spec.infrastructure.annotations).toMatchObject({
      [azureKey("pip-name")]: "pip",
      [azureKey("load-balancer-resource-group")]: "rg-net",
    });
  });

  it("speaks Application Gateway for Containers' own language where the class is that", async () => {
    const { find, resources } = await run({
      className: "azure-alb-external",
      clients: [{ cidr: "10.225.0.0/24" }],
      annotations: { "alb.networking.azure.io/alb-id": "/alb" },
      addresses: [{ type: "alb.networking.azure.io/alb-frontend", value: "frontend" }],
      wafPolicyId: "/waf",
    });
    const gateway = find(GATEWAY).inputs;
    expect(gateway.metadata.annotations).toMatchObject({ "alb.networking.azure.io/alb-id": "/alb" });
    expect(gateway.spec.addresses).toEqual([
      { type: "alb.networking.azure.io/alb-frontend", value: "frontend" },
    ]);
    expect(gateway.spec).not.toHaveProperty("infrastructure");
    const [rule] = find(ROUTE, "front-door-route-echo.example.com").inputs.spec.rules;
    expect(rule).not.toHaveProperty("timeouts");
    const policies = resources.filter(({ type }) => type.endsWith(":RoutePolicy"));
    expect(policies.map(({ inputs }) => [inputs.metadata, inputs.spec.default])).toEqual([
      [{ name: "chat.example.com", namespace: "chat" }, { timeouts: { routeTimeout: "0s" } }],
      [{ name: "echo.example.com", namespace: "mcp" }, { timeouts: { routeTimeout: "600s" } }],
    ]);
    expect(
      find("kubernetes:alb.networking.azure.io/v1:WebApplicationFirewallPolicy").inputs.spec,
    ).toMatchObject({
      targetRef: { kind: "Gateway", name: "front-door", namespace: "ingress" },
      webApplicationFirewall: { id: "/waf" },
    });
  });

  it("makes A records for an address, and CNAME records for a host name", async () => {
    const dns = { zone: "example.com", resourceGroupName: "rg-dns" };
    const byAddress = (await run({ dns })).find(RECORD, "front-door-dns-chat.example.com").inputs;
    expect(byAddress).toEqual({
      resourceGroupName: "rg-dns",
      zoneName: "example.com",
      relativeRecordSetName: "chat",
      recordType: "A",
      ttl: 300,
      aRecords: [{ ipv4Address: GATEWAY_ADDRESS }],
    });
    const byName = await run({ dns }, { answers: hostnameAnswers });
    expect(byName.find(RECORD, "front-door-dns-chat.example.com").inputs).toMatchObject({
      recordType: "CNAME",
      cnameRecord: { cname: "abc.fz.alb.azure.com" },
    });
    const inside = await run({ dns: { ...dns, private: true, ttlSeconds: 60 } });
    expect(
      inside.find("azure-native:privatedns:PrivateRecordSet", "front-door-dns-chat.example.com").inputs,
    ).toMatchObject({ privateZoneName: "example.com", relativeRecordSetName: "chat", ttl: 60 });
  });

  it("uses a Secret of another namespace by a grant for this one Secret", async () => {
    const tls = { secret: { namespace: "certificates", name: "wildcard" } };
    const { find, resources } = await run({ tls });
    const grant = find("kubernetes:gateway.networking.k8s.io/v1beta1:ReferenceGrant");
    expect(grant.inputs.metadata.namespace).toBe("certificates");
    expect(grant.inputs.spec).toEqual({
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "ingress" }],
      to: [{ group: "", kind: "Secret", name: "wildcard" }],
    });
    expect(find(GATEWAY).inputs.spec.listeners[1].tls.certificateRefs).toEqual([
      { group: "", kind: "Secret", name: "wildcard", namespace: "certificates" },
    ]);
    expect(needs(resources, find(GATEWAY), grant)).toBe(true);
    expect(resources.filter(({ type }) => type === CERTIFICATE)).toEqual([]);
  });

  it("makes no grant where Secrets are its own", async () => {
    const { resources } = await run(ARGS);
    expect(resources.filter(({ type }) => type.endsWith("ReferenceGrant"))).toEqual([]);
  });
});
