import type { ExecutionEvent } from "@pawl/sdk";
import { expect, test } from "vitest";
import { Progress } from "../../server/cli/progress.ts";

test("each state that ends is one line with its time, its state and how long it took", () => {
  expect(
    linesOf([
      { type: "EXECUTION_STARTED", at: 0 },
      { type: "STATE_ENTERED", at: 1, statePath: "/States/Validate", stateType: "Task" },
      { type: "TASK_SCHEDULED", at: 1, statePath: "/States/Validate", attempt: 1 },
      { type: "STATE_EXITED", at: 41, statePath: "/States/Validate", stateType: "Task" },
      { type: "EXECUTION_SUCCEEDED", at: 41 },
    ]),
  ).toEqual(["    41 ms  Validate  done 40 ms"]);
});

test("a try that fails is a line with its number, error and cause, and the state's line tells the tries", () => {
  expect(
    linesOf([
      { type: "EXECUTION_STARTED", at: 0 },
      { type: "STATE_ENTERED", at: 0, statePath: "/States/Pay" },
      { type: "TASK_SCHEDULED", at: 0, statePath: "/States/Pay", attempt: 1 },
      {
        type: "TASK_FAILED",
        at: 10,
        statePath: "/States/Pay",
        error: { error: "Bank.Busy", cause: "try\u001b[2J later" },
      },
      { type: "TASK_SCHEDULED", at: 2_010, statePath: "/States/Pay", attempt: 2 },
      { type: "TASK_TIMED_OUT", at: 5_010, statePath: "/States/Pay" },
      { type: "TASK_SCHEDULED", at: 6_000, statePath: "/States/Pay", attempt: 3 },
      { type: "STATE_EXITED", at: 6_100, statePath: "/States/Pay" },
    ]),
  ).toEqual([
    "    10 ms  Pay  attempt 1 failed: Bank.Busy: try later",
    "    5.0 s  Pay  attempt 2 failed: States.Timeout",
    "    6.1 s  Pay  done 6.1 s, attempt 3",
  ]);
});

test("items of a Map are counted, not listed; branches of a Parallel are listed", () => {
  const items = [0, 1, 2].flatMap((index): Brief[] => [
    { type: "STATE_ENTERED", at: 2, statePath: `/States/Each[${index}]/Charge` },
    { type: "STATE_EXITED", at: 3, statePath: `/States/Each[${index}]/Charge` },
    { type: "MAP_ITERATION_SUCCEEDED", at: 3, statePath: "/States/Each" },
  ]);
  expect(
    linesOf([
      { type: "EXECUTION_STARTED", at: 0 },
      { type: "STATE_ENTERED", at: 1, statePath: "/States/Each", stateType: "Map" },
      { type: "MAP_STARTED", at: 1, statePath: "/States/Each", details: { length: 3 } },
      ...items,
      { type: "STATE_EXITED", at: 4, statePath: "/States/Each" },
      { type: "STATE_ENTERED", at: 5, statePath: "/States/Both", stateType: "Parallel" },
      { type: "STATE_ENTERED", at: 5, statePath: "/States/Both[1]/Mail" },
      { type: "STATE_EXITED", at: 6, statePath: "/States/Both[1]/Mail" },
      { type: "STATE_EXITED", at: 6, statePath: "/States/Both" },
    ]),
  ).toEqual([
    "     4 ms  Each  done 3 ms, 3 items",
    "     6 ms  Both[1]/Mail  done 1 ms",
    "     6 ms  Both  done 1 ms",
  ]);
});

test("of thousands of failing items the first twenty are listed", () => {
  const failures = Array.from({ length: 1_000 }, (_, index): Brief => {
    return {
      type: "TASK_FAILED",
      at: 2,
      statePath: `/States/Each[${index}]/Charge`,
      error: { error: "No", cause: "" },
    };
  });
  const lines = linesOf([
    { type: "STATE_ENTERED", at: 1, statePath: "/States/Each", stateType: "Map" },
    ...failures,
  ]);
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatch(/further failures of items are in the history/);
});

test("the activity names what runs, with tries and counts", () => {
  const progress = new Progress({ line: () => undefined, paint: (_style, text) => text });
  progress.add(
    event({ type: "STATE_ENTERED", at: 1, statePath: "/States/Each", stateType: "Map" }, 1),
  );
  progress.add(
    event({ type: "MAP_STARTED", at: 1, statePath: "/States/Each", details: { length: 100 } }, 2),
  );
  progress.add(event({ type: "MAP_ITERATION_SUCCEEDED", at: 1, statePath: "/States/Each" }, 3));
  expect(progress.activity).toBe("Each 1 of 100");
  progress.add(event({ type: "STATE_EXITED", at: 2, statePath: "/States/Each" }, 4));
  expect(progress.activity).toBe("");
});

type Brief = Partial<ExecutionEvent> & Pick<ExecutionEvent, "type"> & { at: number };

function linesOf(events: readonly Brief[]): string[] {
  const lines: string[] = [];
  const progress = new Progress({
    line: (text) => lines.push(text),
    paint: (_style, text) => text,
  });
  events.forEach((each, index) => progress.add(event(each, index + 1)));
  return lines;
}

function event({ at, ...fields }: Brief, id: number): ExecutionEvent {
  const empty = {
    statePath: "",
    stateName: "",
    stateType: "",
    inputText: "",
    outputText: "",
    resource: "",
    worker: "",
    awsType: "",
  };
  const absent = {
    input: undefined,
    output: undefined,
    error: undefined,
    delayMs: undefined,
    details: undefined,
  };
  return {
    id,
    previousId: id - 1,
    attempt: 0,
    index: 0,
    time: new Date(1_000_000 + at),
    ...empty,
    ...absent,
    ...fields,
  };
}
