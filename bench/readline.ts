import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

// What bench/tunePrepare.ts compares with: the least that any program does that reads JSON Lines with Node's own
// means. It checks nothing and writes nothing.
let records = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2] ?? "") })) {
  JSON.parse(line);
  records++;
}
console.log(records);
