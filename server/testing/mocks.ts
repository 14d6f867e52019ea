import { mapRunQueue, stringifyJson } from "../asl/index.ts";
import type { AwaitMessage, ScheduleTask } from "../asl/index.ts";
import type { Answer, Message } from "./play.ts";
import { namesOf } from "./call.ts";
import { isList } from "./test-file.ts";
import type { MockAnswer, MockTable } from "./test-file.ts";

/** The mocks do not fit what the execution does: the case fails, whatever the execution would. */
export class MockProblem extends Error {
  override readonly name = "MockProblem";
}

/** Plays the workers of one execution, and those who send it messages. */
export class Mocks {
  readonly #tables: readonly MockTable[];
  readonly #taken = new Map<MockAnswer | readonly MockAnswer[], number>();
  /** Whether the execution has a TimeoutSeconds of its own. */
  readonly #isTimed: boolean;

  /** @param tables the first that has a mock for a state gives it. */
  constructor(tables: readonly MockTable[], isTimed: boolean) {
    this.#tables = tables;
    this.#isTimed = isTimed;
  }

  /** @throws MockProblem */
  answer(task: ScheduleTask): Answer {
    const { name, mock } = this.#mockFor(task);
    const { result = null, error, cause, delaySeconds = 0 } = mock;
    // Where a token is waited for, the mock stands for the report under it.
    const isWhole = mock.isWhole ?? task.resource.endsWith(".waitForTaskToken");
    if (mock.timeout === true) {
      this.#expectTimeout(name, task.timeoutSeconds);
      return { ...silence, heartbeatsMs: "Always" };
    }
    if (mock.heartbeatTimeout === true) {
      if (task.heartbeatSeconds === undefined)
        throw new MockProblem(
          `the mock ${name} sends no heartbeat, but there is no HeartbeatSeconds`,
        );
      return silence;
    }
    const outcome =
      error === undefined
        ? { output: stringifyJson(result), isWhole }
        : { failure: { error, ...(cause !== undefined && { cause }) } };
    return { outcome, afterMs: delaySeconds * 1000, heartbeatsMs: "Always" };
  }

  /** @throws MockProblem */
  message(wait: AwaitMessage): Message {
    const { name, mock } = this.#mockFor(wait);
    const { result, delaySeconds = 0 } = mock;
    if (mock.timeout === true) {
      this.#expectTimeout(name, wait.dueAtMs);
      return { data: "null", afterMs: Infinity };
    }
    if (result === undefined)
      throw new MockProblem(`the mock ${name} is for a message, which has a result or a timeout`);
    return { data: stringifyJson(result), afterMs: delaySeconds * 1000 };
  }

  #mockFor(call: ScheduleTask | AwaitMessage): {
    readonly name: string;
    readonly mock: MockAnswer;
  } {
    const names = namesOf(call);
    for (const table of this.#tables) {
      const name = names.find((each) => Object.hasOwn(table, each));
      const mocks = name === undefined ? undefined : table[name];
      if (name !== undefined && mocks !== undefined) return { name, mock: this.#next(name, mocks) };
    }
    throw new MockProblem(`no mock answers ${names[0] ?? ""}, ${whatItIs(call)}`);
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

  #expectTimeout(name: string, timeout: number | undefined): void {
    if (timeout === undefined && !this.#isTimed)
      throw new MockProblem(`the mock ${name} never answers, but there is no TimeoutSeconds`);
  }
}

const silence: Answer = { outcome: { output: "null" }, afterMs: Infinity, heartbeatsMs: [] };

function whatItIs(call: ScheduleTask | AwaitMessage): string {
  if (call.type === "AwaitMessage")
    return `which waits for a message with ${call.correlationKey} ${stringifyJson(call.correlationValue)}`;
  if (call.resource === mapRunQueue)
    return "a distributed Map: its items are not played, its mock gives the results of them all";
  return `whose resource is ${call.resource}`;
}
