import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputSpec, type TuningInput } from "../../../components/kaitoTuningJob/input.ts";
import type { TuningDatasetConfig } from "../../../components/kaitoTuningJob/trainingConfig/sections.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const PARQUET = "https://example.com/data/train-00000.parquet?download=true";
const IMAGE = "example.azurecr.io/data/support:0.1.0";

describe("inputSpec", () => {
  it.each<[string, TuningInput, object]>([
    ["a URL", { urls: [PARQUET] }, { urls: [PARQUET] }],
    ["an image", { image: IMAGE, imagePullSecrets: ["pull"] }, { image: IMAGE, imagePullSecrets: ["pull"] }],
    [
      "a claim",
      { volume: { claimName: "data" } },
      { volumeSource: { persistentVolumeClaim: { claimName: "data" } } },
    ],
    [
      "another volume",
      { volume: { volumeSource: { nfs: { server: "s", path: "/" } } } },
      { volumeSource: { nfs: { server: "s", path: "/" } } },
    ],
  ])("takes %s", (_, input, spec) => {
    expect(inputSpec(input)).toEqual(spec);
  });

  it("takes several files when the config says which to read", () => {
    const urls = [PARQUET, "https://example.com/b.parquet"];
    expect(inputSpec({ urls }, { dataset_path: "data/*.parquet" })).toEqual({ urls });
  });

  it("takes a file of unknown kind when the config says what it is", () => {
    const urls = ["https://example.com/rows"];
    expect(inputSpec({ urls }, { dataset_extension: "json" })).toEqual({ urls });
  });

  it("checks a URL that comes from elsewhere", async () => {
    const { urls } = inputSpec({ urls: [pulumi.output(PARQUET)] });
    expect(await resolved(pulumi.output(urls))).toEqual([PARQUET]);
  });

  it.each([
    ["http://minio/data/a.json", 'its host "minio"'],
    ["http://minio.data.svc.cluster.local:9000/a.json", 'its host "minio.data.svc.cluster.local"'],
    ["http://minio-0.minio.data.svc:9000/a.json", 'its host "minio-0.minio.data.svc"'],
    ["https://files.internal/a.json", 'its host "files.internal"'],
    ["https://localhost/a.json", 'its host "localhost"'],
    ["https://10.1.2.3/a.json", "its address 10.1.2.3"],
    ["https://127.0.0.1/a.json", "its address 127.0.0.1"],
    ["http://169.254.169.254/a.json", "its address 169.254.169.254"],
    ["http://168.63.129.16/a.json", "its address 168.63.129.16"],
    ["https://[fd00::1]/a.json", "its address fd00::1"],
    ["https://[::ffff:10.0.0.1]/a.json", "its address ::ffff:a00:1"],
  ])("refuses %s, which isn't on the internet, unless the pods may call more", async (url, who) => {
    const message = `input.urls[0]: ${who} is not on the internet, which is all that the job's pods may call; set egress`;
    expect(() => inputSpec({ urls: [url] })).toThrow(message);
    const { urls } = inputSpec({ urls: [pulumi.output(url)] });
    expect(String(await failureOf(pulumi.output(urls)))).toContain(message);
    expect(inputSpec({ urls: [url] }, {}, false)).toEqual({ urls: [url] });
  });

  it("doesn't repeat the token in a URL", () => {
    const refused = () => inputSpec({ urls: ["https://10.1.2.3/a.json?sig=hunter2"] });
    expect(refused).toThrow("is not on the internet");
    expect(refused).not.toThrow("hunter2");
  });

  it.each<[string, TuningInput | undefined, TuningDatasetConfig, RegExp]>([
    ["nothing", undefined, {}, /^input: must have exactly one of urls, image and volume, and has none/],
    [
      "an empty list",
      { urls: [] },
      {},
      /^input: must have exactly one of urls, image and volume, and has none/,
    ],
    ["two sources", { urls: [PARQUET], image: IMAGE }, {}, /^input: must have exactly one .*, and has 2/],
    [
      "a secret for no image",
      { urls: [PARQUET], imagePullSecrets: ["a"] },
      {},
      /^input.imagePullSecrets: goes/,
    ],
    [
      "two files",
      { urls: [PARQUET, PARQUET] },
      {},
      /^input.urls: has 2 files, of which KAITO would train on/,
    ],
    ["a path", { urls: ["/data/a.json"] }, {}, /^input.urls\[0\]: "\/data\/a.json" is not allowed/],
    [
      "a blank",
      { urls: ["https://example.com/a b.json"] },
      {},
      /must be an http or https URL without spaces/,
    ],
    [
      "a port that is none",
      { urls: ["https://example.com:99999/a.json"] },
      {},
      /must be an http or https URL/,
    ],
    ["no file", { urls: ["https://example.com/data/?a=b.json"] }, {}, /names no file/],
    [
      "an unknown kind",
      { urls: ["https://example.com/rows.txt"] },
      {},
      /^input.urls\[0\]: KAITO can't tell what "rows.txt" is; its name must contain one of csv, json, parquet/,
    ],
    ["an image without tag", { image: "example.azurecr.io/a" }, {}, /^input.image: .* is not allowed/],
    ["a volume without source", { volume: {} }, {}, /^input.volume: must have exactly one of claimName/],
    [
      "a volume with both",
      { volume: { claimName: "a", volumeSource: { emptyDir: {} } } },
      {},
      /^input.volume: must have exactly one of claimName/,
    ],
  ])("refuses %s", (_, input, dataset, message) => {
    expect(() => inputSpec(input, dataset)).toThrow(message);
  });
});
