import { pointerSegment } from "../asl/index.ts";
import type { Definition } from "../asl/index.ts";
import { didYouMean } from "./check-shape.ts";
import type { Problem } from "./problem.ts";
import { anyIndex, statePlaces } from "./state-places.ts";
import type { StatePlace } from "./state-places.ts";
import { callNameProblem } from "./call.ts";
import type { MockTable, TestCase, TestFile } from "./test-file.ts";

/** Names in a test file that the definition does not have. */
export function checkNames({ mocks, cases }: TestFile, definition: Definition): readonly Problem[] {
  const places = statePlaces(definition);
  return [
    ...checkCallNames(mocks, "/mocks", places),
    ...cases.flatMap((testCase, index) => checkCase(testCase, `/cases/${index}`, places)),
  ];
}

/** @param names keys that stand for tasks and messages. */
export function checkCallNames(
  names: MockTable | NonNullable<TestCase["expect"]>["calls"] = {},
  pointer: string,
  places: readonly StatePlace[],
): readonly Problem[] {
  return Object.keys(names).flatMap((name): readonly Problem[] => {
    const problem = callNameProblem(name, places);
    if (problem === undefined) return [];
    return [
      {
        code: "UNKNOWN_NAME",
        ...problem,
        pointer: `${pointer}/${pointerSegment(name)}`,
        at: "Key",
      },
    ];
  });
}

function checkCase(
  { startAt, mocks, expect = {} }: TestCase,
  pointer: string,
  places: readonly StatePlace[],
): readonly Problem[] {
  const atTheTop = places.filter(({ state, path }) => state.name === path);
  const paths = Object.entries(expect.paths ?? {});
  return [
    ...(startAt === undefined ? [] : checkStates([startAt], `${pointer}/startAt`, atTheTop)),
    ...checkCallNames(mocks, `${pointer}/mocks`, places),
    ...checkCallNames(expect.calls, `${pointer}/expect/calls`, places),
    ...checkStates(expect.path ?? [], `${pointer}/expect/path`, atTheTop),
    ...paths.flatMap(([within, states]) => {
      const at = `${pointer}/expect/paths/${pointerSegment(within)}`;
      const there = places.filter(
        ({ state, path }) => anyIndex(path) === `${anyIndex(within)}/${state.name}`,
      );
      if (there.length > 0) return checkStates(states, at, there);
      const branches = [...new Set(places.map(({ path }) => path.slice(0, path.lastIndexOf("/"))))];
      return [
        unknown(`the definition has no branch or item ${within}`, at, didYouMean(within, branches)),
      ];
    }),
  ];
}

function checkStates(
  names: readonly string[],
  pointer: string,
  places: readonly StatePlace[],
): Problem[] {
  const known = places.map(({ state }) => state.name);
  return names
    .filter((name) => name !== "*" && !known.includes(name))
    .map((name) => unknown(`there is no state ${name} there`, pointer, didYouMean(name, known)));
}

function unknown(message: string, pointer: string, more: ReturnType<typeof didYouMean>): Problem {
  return { code: "UNKNOWN_NAME", message, pointer, ...more };
}
