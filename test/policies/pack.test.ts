import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rules as everyRule } from "../../policies/rules.ts";
import { closed, deploymentOf } from "./fixtures.ts";
import { unknownString } from "./judge.ts";

/** The pack as Pulumi runs it: a process of its own that serves the analyzer protocol. */
let pack: ChildProcess;
let analyzer: grpc.AnalyzerClient;

beforeAll(async () => {
  const policies = join(import.meta.dirname, "../../policies");
  pack = spawn(process.execPath, ["index.js"], { cwd: policies, stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(pack.stdout as NodeJS.EventEmitter, "data");
  analyzer = new grpc.AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
});

afterAll(() => {
  analyzer?.close();
  pack?.kill();
});

/** Level and first line of what the pack says of a resource. */
async function analyze(type: string, props: object): Promise<string[]> {
  const request = new proto.AnalyzeRequest();
  request.setType(type);
  request.setName("x");
  request.setUrn(`urn:pulumi:dev::mcpaas::${type}::x`);
  request.setProperties(Struct.fromJavaScript(props as never));
  request.setOptions(new proto.AnalyzerResourceOptions());
  const send = promisify<proto.AnalyzeRequest, proto.AnalyzeResponse>(analyzer.analyze.bind(analyzer));
  const level = (n: number) => Object.entries(proto.EnforcementLevel).find(([, value]) => value === n)?.[0];
  return (await send(request))
    .getDiagnosticsList()
    .map(
      (d) => `${level(d.getEnforcementlevel())} ${d.getPolicyname()}: ${d.getMessage().split("\n", 1)[0]}`,
    );
}

it("says what its rules are", async () => {
  const { Empty } = await import("google-protobuf/google/protobuf/empty_pb.js");
  const info = await promisify<unknown, proto.AnalyzerInfo>(analyzer.getAnalyzerInfo.bind(analyzer) as never)(
    new Empty(),
  );
  const rules = info.getPoliciesList();
  expect(rules.map((rule) => rule.getName())).toEqual(everyRule.map(({ name }) => name));
  for (const rule of rules) {
    const facts = everyRule.find(({ name }) => name === rule.getName());
    expect(rule.getEnforcementlevel()).toBe(
      proto.EnforcementLevel[facts?.enforcementLevel === "advisory" ? "ADVISORY" : "MANDATORY"],
    );
    const keys = rule.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
    expect(Object.keys(keys)).toEqual(
      expect.arrayContaining(["unknowns", "exemptions", "annotationExemptions", "stacks"]),
    );
    expect(rule.getDescription().length).toBeGreaterThan(40);
    expect(rule.getRemediationSteps()).not.toBe("");
  }
});

it("is silent about what is right", async () => {
  const { type, props } = deploymentOf("x", {});
  expect(await analyze(type, props)).toEqual([]);
});

it("refuses what is wrong", async () => {
  const { type, props } = deploymentOf("x", { image: "mcr.microsoft.com/app" });
  expect(await analyze(type, props)).toEqual([
    expect.stringMatching(/^MANDATORY image-tags: container "app" runs .*, which has no tag/),
  ]);
});

it("only advises about an image that is not known yet, and refuses a user that isn't", async () => {
  const { type, props } = deploymentOf("x", {
    image: unknownString,
    securityContext: { ...closed, runAsNonRoot: unknownString },
  });
  const at = "spec.template.spec.containers[0]";
  expect(await analyze(type, props)).toEqual([
    expect.stringContaining(`ADVISORY image-tags: ${at}.image is not known yet`),
    expect.stringContaining(`ADVISORY allowed-registries: ${at}.image is not known yet`),
    expect.stringContaining(`MANDATORY run-as-non-root: ${at}.securityContext.runAsNonRoot is not known yet`),
  ]);
});
