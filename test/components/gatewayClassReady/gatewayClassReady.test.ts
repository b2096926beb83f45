import { describe, expect, it } from "vitest";
import * as provider from "../../../components/gatewayClassReady/provider.ts";
import type { GatewayClassObject, Surroundings } from "../../../components/gatewayClassReady/wait.ts";
import { GatewayClassReady, type GatewayClassReadyArgs } from "../../../components/gatewayClassReady.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";
import { runWithMocks } from "../../support/mocks.ts";

const INPUTS = {
  kubeconfig: "very private",
  className: "approuting-istio",
  trigger: "a",
  timeoutMinutes: 15,
};

const seen = (status: string, message?: string): GatewayClassObject => ({
  status: { conditions: [{ type: "Accepted", status, ...(message && { message }) }] },
});
const absent = new ReadError("absent", "HTTP 404: not found");

/** Time passes only while somebody sleeps; each look sees the next, the last one for ever. */
function surroundings(...sights: (GatewayClassObject | Error)[]) {
  const said: string[] = [];
  let time = 0;
  let closed = false;
  const around: Surroundings = {
    async gatewayClass() {
      const sight = sights.length > 1 ? sights.shift() : sights[0];
      if (sight instanceof Error) throw sight;
      return sight ?? {};
    },
    close: async () => {
      closed = true;
    },
    log: {
      info: async (message) => void said.push(message),
      warn: async (message) => void said.push(`warning: ${message}`),
    },
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { around, said, closed: () => closed, time: () => time };
}

describe("GatewayClassReady", () => {
  it("passes on what to wait for, with the kubeconfig as a secret", async () => {
    const { find } = await runWithMocks(
      () => new GatewayClassReady("class", { kubeconfig: "very private", className: "istio" }),
      {},
    );
    const { __provider: _, ...inputs } = find("pulumi-nodejs:dynamic/mcpaas:GatewayClassReady").inputs;
    expect(inputs).toEqual({
      kubeconfig: "very private",
      className: "istio",
      trigger: "",
      timeoutMinutes: 15,
    });
    expect(find("pulumi-nodejs:dynamic/mcpaas:GatewayClassReady").secretInputs).toEqual(["kubeconfig"]);
  });

  it.each<[Partial<GatewayClassReadyArgs>, string]>([
    [{ className: "" }, "className: must name a class"],
    [{ timeoutMinutes: 61 }, "timeoutMinutes: 61 is not allowed"],
  ])("refuses %j", async (args, message) => {
    const all = { kubeconfig: "k", className: "istio", ...args };
    await expect(runWithMocks(() => new GatewayClassReady("class", all), {})).rejects.toThrow(message);
  });

  it("waits until the class is there and accepted, says on what, and keeps no kubeconfig", async () => {
    const { around, said, closed, time } = surroundings(
      absent,
      absent,
      {},
      seen("False", "not yet"),
      new ReadError("unreachable", "connection refused"),
      seen("True"),
    );
    const made = await provider.create(INPUTS, around);
    expect(made).toEqual({ id: "approuting-istio", outs: { className: "approuting-istio", trigger: "a" } });
    expect(said).toEqual([
      "waiting for the GatewayClass approuting-istio: it is not there, or the Gateway API isn't",
      "waiting for the GatewayClass approuting-istio: it is there and not accepted (no controller has looked at it yet)",
      "waiting for the GatewayClass approuting-istio: it is there and not accepted (not yet)",
      "waiting for the GatewayClass approuting-istio: the Kubernetes API doesn't answer: connection refused",
      "the GatewayClass approuting-istio is accepted",
    ]);
    expect(time()).toBe(25_000);
    expect(closed()).toBe(true);
  });

  it("gives up with what is missing and the next command", async () => {
    const { around, said, closed } = surroundings(absent);
    await expect(provider.create(INPUTS, around)).rejects.toThrow(
      /can't be used after 15 min \(timeoutMinutes\): it is not there[\s\S]*kubectl get gatewayclasses[\s\S]*appRoutingGateway/,
    );
    expect(said.filter((line) => line.includes("still"))).toHaveLength(2);
    expect(closed()).toBe(true);
  });

  it("doesn't wait for a right that isn't given", async () => {
    const { around, time } = surroundings(new ReadError("forbidden", "HTTP 403: no"));
    await expect(provider.create(INPUTS, around)).rejects.toThrow("may not look at GatewayClasses");
    expect(time()).toBe(0);
  });

  it.each([
    [{}, false, []],
    [{ kubeconfig: "new", timeoutMinutes: 1 }, false, []],
    [{ className: "other" }, true, ["className"]],
    [{ trigger: "b" }, true, ["trigger"]],
  ])("a change of %j: %s", async (change, changes, replaces) => {
    const olds = { className: "approuting-istio", trigger: "a" };
    expect(await provider.diff("id", olds, { ...INPUTS, ...change })).toMatchObject({ changes, replaces });
  });
});
