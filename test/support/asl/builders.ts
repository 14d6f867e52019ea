/** What tests of the interpreter start from: a compiled definition, a turn, the facts of an execution. */
import { compileDefinition } from "../../../server/asl/definition/compile.ts";
import type { Definition } from "../../../server/asl/definition/definition.ts";
import type { ExecutionFacts } from "../../../server/asl/execution-state.ts";
import type { Limits, Turn } from "../../../server/asl/turn.ts";

export const startMs = Date.parse("2026-11-23T00:00:00Z");

export const limits: Limits = {
  payloadBytesMax: 262_144,
  historyEventsMax: 25_000,
  transitionsPerTurnMax: 1_000,
};

/** @param source an object, or the text of a definition. Throws when it has errors. */
export function definitionOf(source: unknown): Definition {
  const text = typeof source === "string" ? source : JSON.stringify(source);
  const { definition, diagnostics } = compileDefinition(text, {});
  if (definition === undefined)
    throw new Error(
      diagnostics.map(({ message, pointer }) => `${message} at ${pointer}`).join("; "),
    );
  return definition;
}

type StateSource = Readonly<Record<string, unknown>> & { readonly Name?: string };

/**
 * A machine of these states. The first is the start; they are named S, S2, S3 unless they have a Name;
 * those without Next end. A state that no other names is left out: tables may offer more than a row uses.
 */
export function machine(...states: readonly StateSource[]): Definition {
  return definitionOf(body(...states));
}

/** The same, as a branch or an item processor. */
export function body(...states: readonly StateSource[]): Record<string, unknown> {
  const source = JSON.stringify(states);
  const named = states
    .map(
      ({ Name, ...state }, i) => [Name ?? (i === 0 ? "S" : `S${i + 1}`), withEnd(state)] as const,
    )
    .filter(
      ([name], i) =>
        i === 0 ||
        ["Next", "TimeoutPath"].some((field) =>
          source.includes(`"${field}":${JSON.stringify(name)}`),
        ),
    );
  return { StartAt: named[0]?.[0], States: Object.fromEntries(named) };
}

function withEnd(state: Record<string, unknown>): Record<string, unknown> {
  const isOpen =
    !["Succeed", "Fail", "Choice"].includes(String(state["Type"])) && state["Next"] === undefined;
  return isOpen ? { ...state, End: true } : state;
}

export function factsOf(input: string): ExecutionFacts {
  return {
    executionArn: "arn:aws:states:us-east-1:000000000000:execution:machine:run",
    name: "run",
    roleArn: "arn:aws:iam::000000000000:role/test",
    startTimeMs: startMs,
    stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
    stateMachineName: "machine",
    type: "STANDARD",
    isSync: false,
    input,
  };
}

/** A turn at `nowMs`. Ids count up; chance is a half. */
export function turnAt(nowMs: number, changes: Partial<Turn> = {}): Turn {
  let ids = 0;
  return {
    nowMs,
    random: () => 0.5,
    newUuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`,
    limits,
    aws: { region: "us-east-1", accountId: "000000000000" },
    ...changes,
  };
}
