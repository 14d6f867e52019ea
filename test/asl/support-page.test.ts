/** docs/asl-support.md says what is so: files, tests and fields. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { choiceRule } from "../../server/asl/definition/rules/choice.ts";
import { failRule } from "../../server/asl/definition/rules/fail.ts";
import { mapRule } from "../../server/asl/definition/rules/map.ts";
import { messageRule } from "../../server/asl/definition/rules/message.ts";
import { parallelRule } from "../../server/asl/definition/rules/parallel.ts";
import { passRule } from "../../server/asl/definition/rules/pass.ts";
import { succeedRule } from "../../server/asl/definition/rules/succeed.ts";
import { taskRule } from "../../server/asl/definition/rules/task.ts";
import { waitRule } from "../../server/asl/definition/rules/wait.ts";
import type { StateRule } from "../../server/asl/definition/state-rule.ts";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/asl-support.md", root), "utf8");

const sections: readonly { readonly heading: string; readonly rules: readonly StateRule[] }[] = [
  { heading: "## Pass", rules: [passRule] },
  { heading: "## Task", rules: [taskRule] },
  { heading: "## Choice", rules: [choiceRule] },
  { heading: "## Wait", rules: [waitRule] },
  { heading: "## Succeed and Fail", rules: [succeedRule, failRule] },
  { heading: "## Parallel", rules: [parallelRule] },
  { heading: "## Map", rules: [mapRule] },
  { heading: "### Message", rules: [messageRule] },
];

test.each(sections)("$heading has every field of the state", ({ heading, rules }) => {
  const section = page.split(`\n${heading}\n`)[1]?.split("\n#")[0] ?? "";
  const fields = rules.flatMap(({ fields: own, jsonataFields, paths }) => [
    ...Object.keys(own),
    ...Object.keys(jsonataFields),
    ...paths,
  ]);
  expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
});

describe("what it refers to exists", () => {
  const files = [...page.matchAll(/`([\w./-]+\.ts)`(?: "([^"]+)")?/g)].map(([, path, name]) => {
    const folder = path?.startsWith("test/")
      ? ""
      : path?.endsWith(".test.ts")
        ? "test/asl/"
        : "server/asl/";
    return { path: `${folder}${path}`, name };
  });

  test("files", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter(({ path }) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test("tests", () => {
    const missing = files.filter(
      ({ path, name }) =>
        name !== undefined && !readFileSync(new URL(path, root), "utf8").includes(`"${name}"`),
    );
    expect(missing).toEqual([]);
  });
});
