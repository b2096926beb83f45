import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChartRepositories, serveChartRepositories } from "../../rehearsal/network/chartRepository.ts";

let share: string;
let served: ChartRepositories;
beforeEach(async () => {
  share = await mkdtemp(join(tmpdir(), "chart-repository-"));
  const charts = join(share, "charts", "https", "charts.example.com", "stable");
  await mkdir(charts, { recursive: true });
  await writeFile(join(charts, "index.yaml"), "entries: {}\n");
  await writeFile(join(charts, "one-1.0.0.tgz"), "archive");
  await writeFile(join(share, "charts", "https", "secret"), "not a host's");
  served = await serveChartRepositories(share);
});
afterEach(async () => {
  await served.close();
  await rm(share, { recursive: true });
});

async function ask(path: string, host = "charts.example.com", method = "GET") {
  const call = request({ port: served.port, host: "127.0.0.1", path, method, headers: { host } });
  call.end();
  return await new Promise<{ status?: number | undefined; type?: string | undefined; body: string }>(
    (resolve, reject) => {
      call.on("error", reject);
      call.on("response", async (response) =>
        resolve({
          status: response.statusCode,
          type: response.headers["content-type"],
          body: await text(response),
        }),
      );
    },
  );
}

test("a repository's index and archives are at their public paths, with or without the port in the host", async () => {
  expect(await ask("/stable/index.yaml")).toEqual({
    status: 200,
    type: "text/yaml; charset=utf-8",
    body: "entries: {}\n",
  });
  expect(await ask("/stable/one-1.0.0.tgz", "charts.example.com:443")).toEqual({
    status: 200,
    type: "application/gzip",
    body: "archive",
  });
  expect(await ask("/stable/one-1.0.0.tgz", "charts.example.com", "HEAD")).toMatchObject({
    status: 200,
    body: "",
  });
});

test.each([
  ["a chart that isn't there", "/stable/two-1.0.0.tgz", "charts.example.com", "GET", 404],
  ["a folder", "/stable", "charts.example.com", "GET", 404],
  ["a host that has no charts", "/stable/index.yaml", "other.example.com", "GET", 404],
  ["a path out of the host's folder", "/../secret", "charts.example.com", "GET", 404],
  ["an encoded path out of it", "/%2e%2e/secret", "charts.example.com", "GET", 404],
  ["a host that is a path", "/", "..", "GET", 404],
  ["another method", "/stable/index.yaml", "charts.example.com", "POST", 405],
])("%s is refused", async (_what, path, host, method, status) => {
  expect(await ask(path, host, method)).toMatchObject({ status, body: "" });
});
