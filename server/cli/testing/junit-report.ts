import type { CaseResult } from "./run-suites.ts";

/** Results in JUnit's XML, as Jenkins, GitLab and GitHub read it: a testsuite for each file. */
export function junitReport(results: readonly CaseResult[]): string {
  const files = Map.groupBy(results, ({ suite }) => suite.file);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals("pawl test", results)}>`,
    ...[...files].flatMap(([file, ofFile]) => [
      `  <testsuite ${totals(file, ofFile)} errors="0" skipped="0">`,
      ...ofFile.flatMap(testCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function totals(name: string, results: readonly CaseResult[]): string {
  const failures = results.filter(({ mismatches }) => mismatches.length > 0).length;
  const tookMs = results.reduce((sum, each) => sum + each.tookMs, 0);
  return `name="${escaped(name)}" tests="${results.length}" failures="${failures}" time="${seconds(tookMs)}"`;
}

function testCase({ suite, name, mismatches, tookMs }: CaseResult): readonly string[] {
  const open = `    <testcase name="${escaped(name)}" classname="${escaped(suite.definitionFile)}" time="${seconds(tookMs)}"`;
  const [first] = mismatches;
  if (first === undefined) return [`${open}/>`];
  const text = mismatches.map((each) => `${each.field}: ${each.text}`).join("\n");
  return [
    `${open}>`,
    `      <failure type="${escaped(first.field)}" message="${escaped(`${first.field}: ${first.text}`)}">${escaped(text)}</failure>`,
    "    </testcase>",
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML 1.0 has no way to write the other control characters, nor halves of surrogate pairs. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[<>&"]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
};
