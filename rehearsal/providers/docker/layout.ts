import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Stage } from "./stages.ts";

/** A file of an image layout, as manifests name it. */
interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

const type = (what: string) => `application/vnd.oci.image.${what}`;

/**
 * Writes an image as a folder that tools can push. The same files give the same digest on every machine: times,
 * owners and a checkout's umask are left out. Source: the image layout of github.com/opencontainers/image-spec.
 *
 * @returns the digest of the config, which is what Docker calls an image's id.
 */
export async function writeLayout(dir: string, stage: Stage, platform: string): Promise<string> {
  const blobs = join(dir, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, content: Buffer | object): Promise<Descriptor> => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const hash = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(blobs, hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const layers: Descriptor[] = [];
  for (const { files } of stage.layers) {
    layers.push(await put(type("layer.v1.tar"), await archive(files)));
  }
  const [os, architecture, variant] = platform.split("/");
  const config = await put(type("config.v1+json"), {
    ...{ os, architecture, variant },
    config: stage.config,
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    history: stage.layers.map(({ by }) => ({ created_by: by })),
  });
  const manifest = await put(type("manifest.v1+json"), {
    schemaVersion: 2,
    mediaType: type("manifest.v1+json"),
    ...{ config, layers },
    annotations: {
      "org.opencontainers.image.base.name": stage.base,
      "org.opencontainers.image.description": "files of a build context; its RUN steps were not run",
    },
  });
  await writeFile(join(dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const index = { schemaVersion: 2, mediaType: type("index.v1+json"), manifests: [manifest] };
  await writeFile(join(dir, "index.json"), JSON.stringify(index));
  return config.digest;
}

/** A layer's archive, by the tar of the machine, which is GNU's on Linux. */
async function archive(files: ReadonlyMap<string, string>): Promise<Buffer> {
  const work = await mkdtemp(join(tmpdir(), "mcpaas-layer-"));
  try {
    const root = join(work, "root");
    for (const [path, file] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await cp(file, join(root, path), { verbatimSymlinks: true });
    }
    const plain = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];
    const out = join(work, "layer.tar");
    await execa("tar", [...plain, "--mode=u+rwX,go+rX,go-w", "-C", root, "-cf", out, "."]);
    return await readFile(out);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
