/**
 * Adds up vitest's JSON reports and prints the closing line. Arguments: how many checks failed before
 * the tests, then the reports. A report that is missing, or that has a file which could not run,
 * counts as a failure: tests that did not run did not pass.
 */
import { existsSync, readFileSync } from "node:fs";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  success: boolean;
}

const [checksFailed = "0", ...files] = process.argv.slice(2);
let passed = 0;
let failed = Number(checksFailed);
let skipped = 0;
for (const file of files) {
  if (!existsSync(file)) {
    console.error(`${file}: no report, so the run broke off`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  passed += report.numPassedTests;
  skipped += report.numPendingTests;
  failed += report.success ? 0 : Math.max(report.numFailedTests, 1);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
