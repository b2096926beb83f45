/** Says where the rehearsal's toolchain is kept, and the key by which it is the same one. */
import { join } from "node:path";
import { cacheDir, toolchainKey } from "../../rehearsal/toolchain/toolchain.ts";
import { output } from "./output.ts";

const key = await toolchainKey();
output({ key, path: join(cacheDir(), "toolchain", key) });
