import { createHash } from "node:crypto";
import type { Section } from "../../components/dashboards.ts";
import { pngOfSvg } from "../picture.ts";
import { sectionSvg } from "./draw/section.ts";
import { withText } from "./pngText.ts";
import { SAMPLE } from "./sample.ts";

/** The keyword of the text in each picture that says what it was made from. */
export const STAMP = "mcpaas-drawing-sha256";

/** What a picture of the section is made from, in a few letters: another description or drawing has other ones. */
export function stampOf(section: Section): string {
  return createHash("sha256").update(sectionSvg(section, SAMPLE)).digest("hex");
}

export function pictureName({ id }: Section): string {
  return `dashboard-${id}.png`;
}

/** The picture of a section with the sample day, and with its stamp in it. */
export function picture(section: Section): Buffer {
  // A little finer than its 1400 pixels, so that small letters can be read.
  const png = pngOfSvg(sectionSvg(section, SAMPLE), 1.25);
  return withText(png, STAMP, stampOf(section));
}
