/** Chained executions: whose output becomes whose input. */
import type pg from "pg";
import {
  queryProblem,
  StatesError,
  transformJson,
  type AwsNames,
  type ChainFacts,
  type Chained,
  type Limits,
} from "../asl/index.ts";
import { findStateOutput } from "../store/sql/find-state-output.ts";
import type { LinkWrite } from "../store/turn-writes.ts";
import { checkStorable } from "./check-storable.ts";
import type { Clock } from "./clock.ts";
import type { ChainSource, Execution } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { deriveExecutionId, newRandom, newUuid } from "./ids.ts";
import { nextTick } from "./next-tick.ts";

export interface ChainOptions {
  readonly sql: pg.Pool;
  readonly clock: Pick<Clock, "nowMs">;
  readonly limits: Limits;
  readonly aws: AwsNames;
}

/** What a chained start begins with: its input, or the event after which it waits for that. */
export interface ResolvedChain {
  readonly facts: ChainFacts;
  readonly source: Execution;
  readonly isUnique: boolean;
  readonly start: { readonly input: string } | { readonly event: Chained };
}

/**
 * @param source the execution that `chain` names, as it is now.
 * @throws EngineError SourceNotUsable, ValidationException
 */
export async function resolveChain(
  options: ChainOptions,
  chain: ChainSource,
  source: Execution,
): Promise<ResolvedChain> {
  const { state, transformer, waitsForSource = false, isUnique = false } = chain;
  checkChain(chain, "chain");
  const facts: ChainFacts = {
    execution: source.id,
    ...(state !== undefined && { state }),
    ...(transformer !== undefined && { transformer }),
  };
  const resolved = { facts, source, isUnique };
  if (waitsForSource && source.status === "RUNNING")
    return { ...resolved, start: { event: { type: "Chained" } } };
  const output = await chainOutput(options, facts, source);
  return transformer?.kind === "Resource"
    ? { ...resolved, start: { event: { type: "Chained", output } } }
    : { ...resolved, start: { input: output } };
}

/**
 * What the chain takes from its source, which has closed; transformed, unless a worker does that.
 *
 * @throws EngineError SourceNotUsable
 */
export async function chainOutput(
  { sql, clock, limits, aws }: ChainOptions,
  { state, transformer }: ChainFacts,
  source: Execution,
): Promise<string> {
  const input =
    state === undefined ? executionOutput(source) : await stateOutput(sql, source, state);
  if (transformer?.kind !== "JSONata") return input;
  const turn = {
    nowMs: clock.nowMs(),
    random: newRandom(),
    newUuid,
    limits,
    aws,
    pause: nextTick,
  };
  const context = { Execution: { Id: source.arn, Name: source.name } };
  try {
    return await transformJson(transformer.text, { input, context }, turn);
  } catch (error) {
    if (error instanceof StatesError) throw notUsable(source, "TRANSFORMER_FAILED", error.message);
    throw error;
  }
}

/** For the store; one target a key if the chain is unique. */
export function linkOf(
  { facts, source, isUnique }: ResolvedChain,
  targetStateMachineName: string,
): LinkWrite {
  const { execution, state = "", transformer } = facts;
  const parts = [execution, state, transformer ?? null, targetStateMachineName];
  return {
    sourceExecutionId: execution,
    sourceStateMachineName: source.stateMachineName,
    sourceState: state,
    transformer: transformer?.text ?? "",
    key: deriveExecutionId("execution link", JSON.stringify(parts)),
    isUnique,
  };
}

function executionOutput(source: Execution): string {
  requireClosed(source);
  if (source.status === "SUCCEEDED" && source.output !== undefined) return source.output;
  const text = `execution ${source.arn} is ${source.status} and has no output`;
  throw notUsable(source, "SOURCE_FAILED", text);
}

/** Of one that failed, too: what the state put out stands. */
async function stateOutput(sql: pg.Pool, source: Execution, state: string): Promise<string> {
  requireClosed(source);
  const output = await findStateOutput(sql, source.id, state);
  if (output !== undefined) return output;
  const text = `execution ${source.arn} has never left the state ${JSON.stringify(state)}`;
  throw notUsable(source, "STATE_NEVER_LEFT", text);
}

function requireClosed(source: Execution): void {
  if (source.status !== "RUNNING") return;
  const text = `execution ${source.arn} is RUNNING; wait for it (wait_for_source)`;
  throw notUsable(source, "SOURCE_NOT_CLOSED", text);
}

/** @param at the request's field that has the chain. @throws EngineError ValidationException */
export function checkChain(
  { state, transformer }: Pick<ChainSource, "state" | "transformer">,
  at: string,
): void {
  checkStorable({ [`${at}.state`]: state, [`${at}.transformer`]: transformer?.text });
  if (transformer?.kind !== "JSONata") return;
  const problem = queryProblem(transformer.text);
  if (problem === undefined) return;
  const field = `${at}.jsonata`;
  throw new EngineError("ValidationException", `${field}: ${problem}`, {
    reason: "JSONATA_SYNTAX",
    violations: [{ field, description: problem, reason: "JSONATA_SYNTAX" }],
  });
}

function notUsable(source: Execution, reason: string, message: string): EngineError {
  return new EngineError("SourceNotUsable", message, {
    reason,
    metadata: { source_execution: source.id, status: source.status },
    resource: { type: "Execution", name: source.arn },
  });
}
