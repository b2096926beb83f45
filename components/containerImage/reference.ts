import { DIGEST_IMAGE } from "../forms.ts";
import { InputPropertyError } from "../validation.ts";

/**
 * What the registry calls the image that was pushed. Docker's provider falls back on a placeholder when neither the
 * push nor the local store tells a digest (`nodigest` in its provider/image.go), which no pod could pull.
 */
export function digestReference(name: string, reference: string): string {
  if (DIGEST_IMAGE.pattern.test(reference)) return reference;
  throw new InputPropertyError(
    `${name}.image`,
    `Docker pushed the image and told no digest of it (${JSON.stringify(reference)}); look at its push output`,
  );
}
