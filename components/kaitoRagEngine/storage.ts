import type * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";
import type { CalledService } from "./network.ts";
import { type Around, type RagQdrant, usedQdrant } from "./qdrant.ts";
import { type RagVolume, usedClaim, volumeSpec } from "./volume.ts";

/** Where the vectors are. */
export interface RagStorage {
  /** `spec.storage` of the RAGEngine. */
  spec?: object;
  /** Who is called for it. */
  service?: CalledService;
  /** What has to be there before the RAGEngine. */
  resources: pulumi.Resource[];
}

/** Makes what a RAG engine keeps its vectors in: nothing by default, for they are in its memory. */
export function ragStorage(
  volume: RagVolume | undefined,
  qdrant: RagQdrant | undefined,
  around: Around,
): RagStorage {
  if (volume !== undefined && qdrant !== undefined) {
    throw new InputPropertyError(
      "volume",
      "has no effect with qdrant, which keeps everything itself; give one",
    );
  }
  if (qdrant !== undefined) {
    const { spec, service, resources } = usedQdrant(qdrant, around);
    return { spec: { vectorDB: spec }, service, resources };
  }
  if (volume === undefined) return { resources: [] };
  const { name, engine, namespace, parent } = around;
  const child = { name: `${name}-indexes`, claim: `${engine}-indexes`, namespace, parent };
  const claim = usedClaim("volume", volume, child);
  return { spec: volumeSpec(volume, claim.name), resources: claim.made };
}
