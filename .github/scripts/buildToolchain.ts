/** Builds what the rehearsal's toolchain lacks, so that it can be kept before anything runs that may fail. */
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";

await ensureToolchain({ onProgress: (line) => console.error(line) });
