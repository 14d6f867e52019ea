import { stringifyJson } from "../asl/index.ts";
import type { ScheduleTask } from "../asl/index.ts";
import type { Answer } from "./play.ts";
import { namesOfTask } from "./task-names.ts";
import { isList } from "./test-file.ts";
import type { MockAnswer, MockTable } from "./test-file.ts";

/** The mocks do not fit what the execution does: the case fails, whatever the execution would. */
export class MockProblem extends Error {
  override readonly name = "MockProblem";
}

/** Plays the workers of one execution. */
export class Mocks {
  readonly #tables: readonly MockTable[];
  readonly #taken = new Map<MockAnswer | readonly MockAnswer[], number>();
  /** Whether the execution has a TimeoutSeconds of its own. */
  readonly #isTimed: boolean;

  /** @param tables the first that has a mock for a task gives it. */
  constructor(tables: readonly MockTable[], isTimed: boolean) {
    this.#tables = tables;
    this.#isTimed = isTimed;
  }

  /** @throws MockProblem */
  answer(task: ScheduleTask): Answer {
    const { name, mock } = this.#mockFor(task);
    const { result, error, cause, delaySeconds = 0, isWhole, ...mocked } = mock;
    const afterMs = delaySeconds * 1000;
    if (mocked.timeout === true) return this.#timeout(task, name);
    if (mocked.heartbeatTimeout === true) return heartbeatTimeout(task, name);
    if (error !== undefined) {
      const failure = { error, ...(cause !== undefined && { cause }) };
      return { outcome: { failure }, afterMs, heartbeatsMs: "Always" };
    }
    const output = stringifyJson(result ?? null);
    return {
      outcome: { output, ...(isWhole !== undefined && { isWhole }) },
      afterMs,
      heartbeatsMs: "Always",
    };
  }

  #mockFor(task: ScheduleTask): { readonly name: string; readonly mock: MockAnswer } {
    for (const table of this.#tables) {
      const name = namesOfTask(task).find((each) => Object.hasOwn(table, each));
      const mocks = name === undefined ? undefined : table[name];
      if (name !== undefined && mocks !== undefined) return { name, mock: this.#next(name, mocks) };
    }
    throw new MockProblem(`no mock answers ${task.stateName}, whose resource is ${task.resource}`);
  }

  #next(name: string, mocks: MockAnswer | readonly MockAnswer[]): MockAnswer {
    if (!isList(mocks)) return mocks;
    const taken = this.#taken.get(mocks) ?? 0;
    this.#taken.set(mocks, taken + 1);
    let answered = 0;
    for (const mock of mocks) {
      answered += mock.times ?? 1;
      if (taken < answered) return mock;
    }
    throw new MockProblem(
      `the mock ${name} has answers for ${answered} calls; this is call ${taken + 1}`,
    );
  }

  #timeout({ stateName, timeoutSeconds }: ScheduleTask, name: string): Answer {
    if (timeoutSeconds === undefined && !this.#isTimed)
      throw new MockProblem(
        `the mock ${name} never answers, but ${stateName} has no TimeoutSeconds`,
      );
    return { outcome: { output: "null" }, afterMs: Infinity, heartbeatsMs: "Always" };
  }
}

function heartbeatTimeout({ stateName, heartbeatSeconds }: ScheduleTask, name: string): Answer {
  if (heartbeatSeconds === undefined)
    throw new MockProblem(
      `the mock ${name} sends no heartbeat, but ${stateName} has no HeartbeatSeconds`,
    );
  return { outcome: { output: "null" }, afterMs: Infinity, heartbeatsMs: [] };
}
