import { describe, expect, it } from "vitest";
import * as provider from "../../../../components/aksWithGpuPool/appRoutingGateway/provider.ts";
import {
  type IngressProfile,
  type Surroundings,
  switched,
} from "../../../../components/aksWithGpuPool/appRoutingGateway/switch.ts";

const ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-dev";
const INPUTS = { clusterId: ID, enabled: true };
const OURS = { ...INPUTS, wasOn: false };
const ON = switched(undefined, true);
const busy = Object.assign(new Error("Operation is not allowed: another operation is in progress"), {
  statusCode: 409,
  code: "OperationNotAllowed",
});
const changed = Object.assign(new Error("Precondition failed"), { statusCode: 412 });

/** A cluster that answers a PUT with these errors first; time passes only while somebody sleeps. */
function cluster(profile: IngressProfile | "gone" | undefined, ...errors: Error[]) {
  const puts: IngressProfile[] = [];
  const said: string[] = [];
  let time = 0;
  let now = profile;
  const around: Surroundings = {
    clusters: {
      async find() {
        if (now === "gone") return undefined;
        return {
          ingressProfile: now,
          async put(wanted) {
            const error = errors.length > 1 ? errors.shift() : errors[0];
            puts.push(wanted);
            if (error !== undefined && error !== DONE) throw error;
            now = wanted;
          },
        };
      },
    },
    log: { info: async (line) => void said.push(line), warn: async (line) => void said.push(line) },
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { around, puts, said, time: () => time };
}

const DONE = new Error("no error");

describe("AppRoutingGateway", () => {
  it("switches on what is off, and leaves the rest of the profile as it is", async () => {
    const before = { webAppRouting: { enabled: true, dnsZoneResourceIds: ["/zone"] } } as IngressProfile;
    const { around, puts } = cluster(before);
    expect(await provider.create(INPUTS, around)).toEqual({ id: ID, outs: OURS });
    expect(puts).toEqual([
      {
        gatewayAPI: { installation: "Standard" },
        webAppRouting: {
          enabled: true,
          dnsZoneResourceIds: ["/zone"],
          gatewayAPIImplementations: { appRoutingIstio: { mode: "Enabled" } },
        },
      },
    ]);
  });

  it("sends nothing where it is so already", async () => {
    const { around, puts } = cluster(ON);
    await provider.create(INPUTS, around);
    await provider.update(ID, INPUTS, INPUTS, around);
    expect(puts).toEqual([]);
    const off = cluster(undefined);
    await provider.remove(ID, INPUTS, off.around);
    expect(off.puts).toEqual([]);
  });

  it("switches the implementation off when it is deleted, and leaves the Gateway API to other classes", async () => {
    const { around, puts } = cluster(ON);
    await provider.remove(ID, OURS, around);
    expect(puts).toEqual([
      {
        gatewayAPI: { installation: "Standard" },
        webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode: "Disabled" } } },
      },
    ]);
    await expect(provider.remove(ID, OURS, cluster("gone").around)).resolves.toBeUndefined();
  });

  it("doesn't switch off what somebody else had switched on", async () => {
    const { around, puts } = cluster(ON);
    const { outs } = await provider.create(INPUTS, around);
    expect(outs).toEqual({ ...INPUTS, wasOn: true });
    const { props } = await provider.read(ID, outs, around);
    await provider.remove(ID, props ?? {}, around);
    expect(puts).toEqual([]);
  });

  it("waits while AKS is busy, and reads anew what somebody changed meanwhile", async () => {
    const { around, puts, said, time } = cluster(undefined, busy, changed, busy, DONE);
    await provider.create(INPUTS, around);
    expect(puts).toHaveLength(4);
    expect(time()).toBe(45_000);
    expect(said).toEqual(["AKS is busy with the cluster; its Gateway API comes after that"]);
  });

  it("gives up after half an hour of that", async () => {
    const { around, time } = cluster(undefined, busy);
    await expect(provider.create(INPUTS, around)).rejects.toThrow(
      /^AKS refused to switch the Gateway API of the cluster aks-dev on/,
    );
    expect(time()).toBe(30 * 60_000);
  });

  it.each([
    [{ statusCode: 400, code: "BadRequest" }, /AKS refused to switch .* on .*Istio service mesh add-on/],
    [{ statusCode: 409, code: "Conflict" }, /AKS refused/],
    [
      { statusCode: 403, code: "AuthorizationFailed" },
      /does not let this identity .*Kubernetes Service Contributor/,
    ],
    [{ statusCode: 404, code: "ResourceNotFound" }, /there is no cluster aks-dev/],
    [{ statusCode: 503 }, /could not switch .*Azure answered with an error/],
  ])("tells %j at once", async (facts, message) => {
    const { around, time } = cluster(undefined, Object.assign(new Error("because"), facts));
    await expect(provider.create(INPUTS, around)).rejects.toThrow(message);
    expect(time()).toBe(0);
  });

  it("can't be made for a cluster that isn't there", async () => {
    await expect(provider.create(INPUTS, cluster("gone").around)).rejects.toThrow(
      "there is no cluster aks-dev",
    );
  });

  it("is seen by a refresh as it is, and put right after that", async () => {
    expect(await provider.read(ID, OURS, cluster(ON).around)).toEqual({ id: ID, props: OURS });
    const half = { gatewayAPI: { installation: "Standard" } };
    const found = await provider.read(ID, OURS, cluster(half).around);
    expect(found).toEqual({ id: ID, props: { clusterId: ID, enabled: false, wasOn: false } });
    expect(await provider.diff(ID, found.props ?? {}, INPUTS)).toEqual({ changes: true, replaces: [] });
    expect(await provider.read(ID, INPUTS, cluster("gone").around)).toEqual({});
  });

  it("is another resource for another cluster", async () => {
    expect(await provider.diff(ID, INPUTS, INPUTS)).toEqual({ changes: false, replaces: [] });
    const moved = await provider.diff(ID, INPUTS, { ...INPUTS, clusterId: "/other" });
    expect(moved).toEqual({ changes: true, replaces: ["clusterId"] });
  });
});
