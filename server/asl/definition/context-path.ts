/** Paths into the context object whose first steps can not exist. */
import type { JsonPath } from "../data/json-path.ts";

interface Shape {
  readonly [key: string]: Shape | "value";
}

const shape: Shape = {
  Execution: {
    Id: "value",
    Input: "value",
    StartTime: "value",
    Name: "value",
    RoleArn: "value",
    RedriveCount: "value",
    RedriveTime: "value",
  },
  StateMachine: { Id: "value", Name: "value" },
  State: { Name: "value", EnteredTime: "value", RetryCount: "value" },
  Map: { Item: { Index: "value", Value: "value", Key: "value", Source: "value" } },
  Task: { Token: "value" },
};

export function contextPathProblem({ root, segments, text }: JsonPath): string | undefined {
  if (root.kind !== "Context") return undefined;
  let at: Shape | "value" | undefined = shape;
  for (const segment of segments) {
    if (segment.kind !== "Key" || at === "value") return undefined;
    at = Object.hasOwn(at, segment.key) ? at[segment.key] : undefined;
    if (at === undefined) return `the context object has no '${segment.key}': ${text}`;
  }
  return undefined;
}
