import * as pulumi from "@pulumi/pulumi";
import { findModel } from "../../components/kaito/models.ts";
import type { Settings } from "../settings.ts";

/** The token for a model's weights: the stack's, where the model is gated or unknown and has no Secret of its own. */
export function modelToken(
  { huggingFaceToken }: Settings,
  { model, accessTokenSecret }: { model?: string; accessTokenSecret?: string },
): pulumi.Output<string> | undefined {
  if (huggingFaceToken === undefined || model === undefined || accessTokenSecret !== undefined)
    return undefined;
  const known = findModel(model);
  return known === undefined || known.gated ? pulumi.secret(huggingFaceToken) : undefined;
}
