import { afterEach, describe, expect, test } from "vitest";
import {
  type Answer,
  clusterBody,
  inGroup,
  inventory,
  makeCluster,
  makeGroup,
  type Rig,
  startRig,
  sub,
  versions,
} from "./support.ts";

let rig: Rig;
afterEach(() => rig.close());

const cluster = () => inGroup(rig, `Microsoft.ContainerService/managedClusters/demo?${versions.aks}`);
const group = () => sub(rig, `/resourceGroups/rg?${versions.group}`);

/** Operations that go on until the test is over, with status answers at once. */
async function startEndless(): Promise<void> {
  rig = await startRig({ delays: { operationMs: 600_000, holdMs: 0 } });
  await makeGroup(rig);
}

describe("while an operation is under way", () => {
  test("the resource is Creating, the status InProgress, the result 202, and Retry-After is there", async () => {
    await startEndless();
    const answer = await rig.raw("PUT", cluster(), { body: clusterBody() });
    expect(answer).toMatchObject({
      status: 201,
      headers: { "retry-after": "1" },
      body: { properties: { provisioningState: "Creating" } },
    });
    const status = String(answer.headers["azure-asyncoperation"]);
    expect((await rig.raw("GET", status)).body).toMatchObject({
      status: "InProgress",
      startTime: expect.any(String),
    });
    const result = await rig.raw("GET", String(answer.headers["location"]));
    expect(result).toMatchObject({
      status: 202,
      headers: { location: expect.any(String), "retry-after": "1" },
    });
  });

  test("status URLs answer whatever the api-version, and need a token", async () => {
    await startEndless();
    const answer = await rig.raw("PUT", cluster(), { body: clusterBody() });
    const [url = ""] = String(answer.headers["azure-asyncoperation"]).split("?");
    expect((await rig.raw("GET", url)).status).toBe(200);
    expect((await rig.raw("GET", `${url}?api-version=2099-01-01`)).status).toBe(200);
    expect((await rig.raw("GET", url, { token: null })).status).toBe(401);
  });

  test("a group that is being deleted takes nothing new, and deleting again waits along", async () => {
    await startEndless();
    expect((await rig.raw("DELETE", group())).status).toBe(202);
    const late = await rig.raw("PUT", cluster(), { body: clusterBody() });
    expect(late).toMatchObject({ status: 409, body: { error: { code: "ResourceGroupBeingDeleted" } } });
    expect((await rig.raw("DELETE", group())).status).toBe(202);
  });

  test("nothing of a cluster can be changed or deleted", async () => {
    await startEndless();
    await rig.raw("PUT", cluster(), { body: clusterBody() });
    const pool = (name: string) => cluster().replace("?", `/agentPools/${name}?`);
    const body = { properties: { vmSize: "Standard_D2s_v5", count: 1 } };
    for (const answer of [
      await rig.raw("PUT", pool("more"), { body }),
      await rig.raw("DELETE", pool("system")),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: "OperationNotAllowed" } });
      expect(answer.body.message).toContain("Another operation Creating is in progress");
    }
  });

  test("a delete takes the place of a creation, whose operation says so", async () => {
    await startEndless();
    const creation = await rig.raw("PUT", cluster(), { body: clusterBody() });
    expect((await rig.raw("DELETE", cluster())).status).toBe(202);
    expect(await rig.finish(creation)).toMatchObject({
      status: "Failed",
      error: { code: "AKSOperationPreemptedByDelete" },
    });
    expect((await rig.raw("GET", cluster())).body.properties.provisioningState).toBe("Deleting");
  });

  test("only one of two deletes begins, even while what it takes the place of can't be stopped at once", async () => {
    const told = Promise.withResolvers<void>();
    const [creation, deletion] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    rig = await startRig({
      onAgentPools: async (pools) => {
        told.resolve();
        await (pools.length > 0 ? creation : deletion).promise;
      },
    });
    await makeGroup(rig);
    await rig.raw("PUT", cluster(), { body: clusterBody() });
    await told.promise;
    const deletes = [rig.raw("DELETE", cluster()), rig.raw("DELETE", cluster())];
    await Promise.race(deletes.map((one, index) => one.then(() => index)));
    creation.resolve();
    const answers = await Promise.all(deletes);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const begun = answers.filter(({ headers }) => headers["azure-asyncoperation"]);
    expect(begun).toHaveLength(1);
    expect((await rig.raw("GET", cluster())).body.properties.provisioningState).toBe("Deleting");
    deletion.resolve();
    expect(await rig.finish(begun[0] as Answer)).toMatchObject({ status: "Succeeded" });
  });
});

describe("when an operation has ended", () => {
  test("a deletion's result is 204, a group's 200", async () => {
    rig = await startRig();
    await makeGroup(rig);
    await makeCluster(rig);
    const ends = async (path: string) => {
      const { headers } = await rig.raw("DELETE", path);
      return (await rig.raw("GET", String(headers["location"]))).status;
    };
    expect([await ends(cluster()), await ends(group())]).toEqual([204, 200]);
    expect(await inventory(rig)).toEqual([]);
  });

  test("nodes that could not be made fail it", async () => {
    rig = await startRig({
      onAgentPools: async () => {
        throw new Error("no control plane");
      },
    });
    await makeGroup(rig);
    expect(await makeCluster(rig)).toMatchObject({
      status: "Failed",
      error: { code: "InternalOperationError", message: "no control plane" },
    });
  });

  test("the SDK tells of a failed one", async () => {
    rig = await startRig();
    await makeGroup(rig);
    await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "operation-fails" } });
    const { properties, ...rest } = clusterBody();
    const creation = rig.aks.managedClusters.createOrUpdate("rg", "demo", { ...rest, ...properties });
    await expect(creation).rejects.toThrow(/AKSCapacityError/);
  });
});
