import { parseDefinition, pointerSegment } from "../asl/index.ts";
import type { DefinitionFormat, Json } from "../asl/index.ts";
import { checkShape } from "./check-shape.ts";
import type { Located, Problem } from "./problem.ts";
import { testFileSchema } from "./test-file-schema.ts";
import { isList } from "./test-file.ts";
import type { Expectation, MockAnswer, MockTable, TestCase, TestFile } from "./test-file.ts";

export interface Read<T> {
  /** Absent when there are problems. */
  readonly value?: T;
  readonly problems: readonly Located[];
  /** Finds the line of a problem that turns up later. */
  readonly locate: (problem: Problem) => Located;
}

/** A test file from its text, or everything that is wrong with it on its own. */
export function readTestFile(text: string, format?: DefinitionFormat): Read<TestFile> {
  return readChecked(text, format, (tree) => {
    const problems = checkShape(tree, testFileSchema);
    return problems.length > 0 ? problems : checkFields(tree as unknown as TestFile);
  });
}

/** Parses JSON or YAML and checks it. @param check what is wrong with a tree, if it is no `T`. */
export function readChecked<T>(
  text: string,
  format: DefinitionFormat | undefined,
  check: (tree: Json) => readonly Problem[],
): Read<T> {
  const { tree, findings, locate } = parseDefinition(text, format);
  const located = (problem: Omit<Problem, "code"> & { readonly code: string }): Located => {
    const { at: _, ...shown } = problem;
    return { severity: "ERROR", ...shown, ...locate(problem) };
  };
  const problems = [...findings, ...(tree === undefined ? [] : check(tree))].map(located);
  if (tree === undefined || problems.length > 0) return { problems, locate: located };
  return { value: tree as unknown as T, problems, locate: located };
}

/** What a schema can not say. */
function checkFields({ startTime, mocks, cases }: TestFile): readonly Problem[] {
  const names = new Map<string, number>();
  return [
    ...checkTime(startTime, "/startTime"),
    ...checkMocks(mocks, "/mocks"),
    ...cases.flatMap((testCase, index) => {
      const pointer = `/cases/${index}`;
      const before = names.get(testCase.name);
      names.set(testCase.name, index);
      return [
        ...(before === undefined
          ? []
          : [invalid(`case ${before + 1} has the same name`, `${pointer}/name`)]),
        ...checkCase(testCase, pointer),
      ];
    }),
  ];
}

function checkCase(testCase: TestCase, pointer: string): readonly Problem[] {
  const { input, inputFile, startTime, mocks, expect = {} } = testCase;
  const problems = [
    ...checkTime(startTime, `${pointer}/startTime`),
    ...checkMocks(mocks, `${pointer}/mocks`),
  ];
  if (input !== undefined && inputFile !== undefined)
    problems.push(invalid("a case has either input or inputFile", `${pointer}/inputFile`));
  if (!isSuccessExpected(expect)) {
    for (const field of ["output", "outputMatches"] as const)
      if (expect[field] !== undefined)
        problems.push(
          invalid("only an execution that succeeds has an output", `${pointer}/expect/${field}`),
        );
  }
  if (expect.causeMatches !== undefined && !isRegularExpression(expect.causeMatches))
    problems.push(invalid("it is not a regular expression", `${pointer}/expect/causeMatches`));
  return problems;
}

function isSuccessExpected({ status, error, cause, causeMatches }: Expectation): boolean {
  return (status ?? "SUCCEEDED") === "SUCCEEDED" && (error ?? cause ?? causeMatches) === undefined;
}

function checkTime(time: string | undefined, pointer: string): Problem[] {
  if (time === undefined || !Number.isNaN(Date.parse(time))) return [];
  return [invalid(`${time} is not a time such as 2026-01-31T12:00:00Z`, pointer)];
}

function checkMocks(mocks: MockTable = {}, pointer: string): readonly Problem[] {
  return Object.entries(mocks).flatMap(([key, answers]) => {
    const at = `${pointer}/${pointerSegment(key)}`;
    return isList(answers)
      ? answers.flatMap((answer, index) => checkAnswer(answer, `${at}/${index}`))
      : checkAnswer(answers, at);
  });
}

const kinds = ["result", "error", "timeout", "heartbeatTimeout"] as const;

function checkAnswer(answer: MockAnswer, pointer: string): readonly Problem[] {
  const given = kinds.filter((kind) => answer[kind] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none of them" : given.join(" and ");
    return [invalid(`an answer has one of ${kinds.join(", ")}; this one has ${found}`, pointer)];
  }
  if (answer.cause !== undefined && answer.error === undefined)
    return [invalid("only an error has a cause", `${pointer}/cause`)];
  return [];
}

function isRegularExpression(text: string): boolean {
  try {
    RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

function invalid(message: string, pointer: string): Problem {
  return { code: "INVALID_VALUE", message, pointer };
}
