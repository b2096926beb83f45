import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { type EChartsOption, init } from "echarts";

/** How large a picture is, in pixels of an ordinary screen; a PNG has twice as many. */
export interface PictureSize {
  width: number;
  height: number;
}

/** What all our pictures are written in: a font that is shipped, so that they look the same on every machine. */
const font = "DejaVu Sans";
const fonts = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");

/** A chart as SVG, drawn without a browser. */
export function svgOf(option: EChartsOption, size: PictureSize): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption({
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: font },
      animation: false,
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** A chart as PNG, sharp on fine screens. */
export function pngOf(option: EChartsOption, size: PictureSize): Buffer {
  return pngOfSvg(svgOf(option, size));
}

/**
 * An SVG as PNG; its texts must be in DejaVu Sans, or without a family.
 *
 * @param zoom pixels of the PNG for one of the SVG
 */
export function pngOfSvg(svg: string, zoom = 2): Buffer {
  const options = {
    loadSystemFonts: false,
    fontFiles: ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) => join(fonts, file)),
    defaultFontFamily: font,
    sansSerifFamily: font,
  };
  return new Resvg(svg, { font: options, fitTo: { mode: "zoom", value: zoom } }).render().asPng();
}
