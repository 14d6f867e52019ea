import { describe, expect, test } from "vitest";
import { activeStates } from "../../server/asl/active-states.ts";
import { newExecution } from "../../server/asl/execution-state.ts";
import { decodeScope, encodeScope } from "../../server/asl/scope.ts";
import { step } from "../../server/asl/step.ts";
import { body, factsOf, machine, startMs, turnAt } from "../support/asl/builders.ts";
import type { Event } from "../../server/asl/event.ts";

const definition = machine({
  Type: "Parallel",
  Branches: [
    body({
      Name: "T",
      Type: "Task",
      Resource: "t",
      Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 5 }],
    }),
    body({ Name: "W", Type: "Wait", Seconds: 60 }),
    body({
      Name: "M",
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: body({ Name: "I", Type: "Task", Resource: "i" }),
    }),
  ],
});
const events: Event[] = [
  { type: "Started" },
  { type: "TaskFailed", taskId: 5, failure: { error: "E", cause: "c" } },
];

async function started() {
  const execution = newExecution(factsOf('{"items":[1],"big":12345678901234567890}'));
  await step(definition, execution, events, turnAt(startMs + 10));
  return execution;
}

describe("the stored form", () => {
  test("is read back as it was written, large numbers included", async () => {
    for (const scope of (await started()).scopes.values()) {
      const text = encodeScope(scope);
      const restored = decodeScope(text);
      expect(encodeScope(restored)).toBe(text);
      expect({ ...restored, input: restored.input.text }).toEqual({
        ...scope,
        input: scope.input.text,
      });
    }
  });

  test("has the payload as JSON, not as a string, and a format version", async () => {
    const { scopes } = await started();
    const text = encodeScope(scopes.get(0)!);
    expect(text).toContain('"input":{"items":[1],"big":12345678901234567890}');
    expect(JSON.parse(text)).toMatchObject({
      format: 1,
      stateName: "S",
      position: { kind: "Children", count: 3 },
    });
  });

  test("of another version is refused", () => {
    expect(() => decodeScope('{"format":2,"input":{}}')).toThrow(
      "scope has format 2; this server reads 1",
    );
  });
});

test("activeStates says where the execution is and what it waits for", async () => {
  const common = { attempt: 1, sinceMs: startMs + 10 };
  expect(activeStates(definition, await started())).toEqual([
    { ...common, path: "/States/S", stateName: "S", type: "Parallel", kind: "Children" },
    {
      ...common,
      path: "/States/S[0]/T",
      stateName: "T",
      type: "Task",
      kind: "Retry",
      attempt: 2,
      nextTimeMs: startMs + 5010,
      lastFailure: { error: "E", cause: "c" },
      resource: "t",
    },
    {
      ...common,
      path: "/States/S[1]/W",
      stateName: "W",
      type: "Wait",
      kind: "Wait",
      nextTimeMs: startMs + 60_010,
    },
    { ...common, path: "/States/S[2]/M", stateName: "M", type: "Map", kind: "Children" },
    {
      ...common,
      path: "/States/S[2]/M[0]/I",
      stateName: "I",
      type: "Task",
      kind: "Task",
      taskId: 11,
      resource: "i",
    },
  ]);
});
