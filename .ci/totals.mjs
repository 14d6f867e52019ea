// Prints the last line of .ci/run: "N passed, N failed". Exits with 1 when anything failed.
//
// Counted are the tests of vitest and the results of the conformance cases. A conformance case that
// is known to fail (test/conformance/known-failing.txt) is no failure. A step that failed without a
// failed test in it counts as one failure.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [scratch, ...broken] = process.argv.slice(2);
const tests = read("tests.json");
const conformance = read("conformance.json");

const testsFailed = tests?.numFailedTests ?? 0;
const otherSteps = broken.filter((step) => !(step === "tests" && testsFailed > 0));
const passed = (tests?.numPassedTests ?? 0) + (conformance?.total.resultPass ?? 0);
const failed = testsFailed + otherSteps.length;

if (broken.length > 0) console.log(`failed: ${broken.join(", ")}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function read(name) {
  const file = join(scratch, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
