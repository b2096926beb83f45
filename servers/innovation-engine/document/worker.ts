import { parentPort } from "node:worker_threads";
import { parseDocument } from "./document.ts";

/** What the reader asks. */
export interface Question {
  id: number;
  source: string;
  ini: string;
}

parentPort?.on("message", ({ id, source, ini }: Question) => {
  try {
    parentPort?.postMessage({ id, document: parseDocument(source, ini) });
  } catch (error) {
    const nested = error instanceof RangeError;
    parentPort?.postMessage({ id, problem: nested ? "it is nested too deeply" : String(error) });
  }
});
parentPort?.postMessage("ready");
