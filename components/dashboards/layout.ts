import { heightOf, type Panel } from "./panel.ts";

/** A place in a grid of 24 columns; rows are as many as it takes. */
export interface GridPosition {
  x: number;
  y: number;
  w: number;
  h: number;
}

export const COLUMNS = 24;

/**
 * Places panels from left to right, in rows that are as high as their highest panel; `top` is the first row.
 *
 * @returns the places, and the first row below them
 */
export function layOut(panels: readonly Panel[], top = 0): { places: GridPosition[]; bottom: number } {
  const places: GridPosition[] = [];
  let [x, y, rowHeight] = [0, top, 0];
  for (const panel of panels) {
    if (x + panel.width > COLUMNS) {
      y += rowHeight;
      [x, rowHeight] = [0, 0];
    }
    const h = heightOf(panel);
    places.push({ x, y, w: panel.width, h });
    x += panel.width;
    rowHeight = Math.max(rowHeight, h);
  }
  return { places, bottom: y + rowHeight };
}
