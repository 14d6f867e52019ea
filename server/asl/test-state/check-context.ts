/** The context object that a test brings along: which fields it may have, and of which types. */
import { isNumber, isObject } from "../json.ts";
import { objectIn } from "./check-test.ts";
import { own } from "./response-shape.ts";
import { InvalidTest } from "./state-test.ts";
import type { State } from "../definition/definition.ts";
import type { Json, JsonObject } from "../json.ts";
import type { StateTest } from "./state-test.ts";

type FieldType = "a string" | "a number" | "anything";

/** ASL § The Context Object. None is required. */
const fields: Readonly<Record<string, Readonly<Record<string, FieldType>>>> = {
  Execution: {
    Id: "a string",
    Input: "anything",
    Name: "a string",
    RoleArn: "a string",
    StartTime: "a string",
    RedriveCount: "a number",
    RedriveTime: "a string",
  },
  State: { EnteredTime: "a string", Name: "a string", RetryCount: "a number" },
  StateMachine: { Id: "a string", Name: "a string" },
  Task: { Token: "a string" },
};

/**
 * The context object given, if there is one. It takes the place of the whole: what it lacks is missing.
 *
 * @throws InvalidTest
 */
export function contextOfTest({ context }: StateTest, state: State): JsonObject | undefined {
  if (context === undefined) return undefined;
  const given = objectIn(context, "Invalid Context object provided: not a JSON object");
  for (const [name, value] of Object.entries(given)) checkPart(name, value, state);
  return given;
}

function checkPart(name: string, value: Json, state: State): void {
  if (name === "Map") throw invalid("'Map' field is not supported when mocking a Context object");
  const known = own(fields, name);
  if (known === undefined) throw invalid(`Field '${name}' is not allowed`);
  if (name === "Task" && !waitsForToken(state))
    throw invalid("'Task' field is only supported for the '.waitForTaskToken' integration pattern");
  if (!isObject(value)) throw invalid(`${name} must be an object`);
  for (const [field, content] of Object.entries(value)) {
    const type = own(known, field);
    if (type === undefined) throw invalid(`Field '${field}' is not allowed`);
    if (!isOfType(type, content)) throw invalid(`${name}.${field} must be ${type}`);
  }
}

function isOfType(type: FieldType, value: Json): boolean {
  if (type === "a string") return typeof value === "string";
  return type === "anything" || isNumber(value);
}

/** Whether the state is a Task that a token's report ends. */
export function waitsForToken(state: State): boolean {
  return (
    state.type === "Task" &&
    state.resource.kind === "Service" &&
    state.resource.pattern === "waitForTaskToken"
  );
}

function invalid(problem: string): InvalidTest {
  return new InvalidTest(`Invalid Context object provided: ${problem}`);
}
