/**
 * Scripted scenarios: each YAML file beside this one has a definition and the events of each turn, and
 * records the effects and the history that follow. `npx vitest --project pure test/asl/cases --update`
 * writes them anew; the difference is to be reviewed.
 *
 * Each scenario is played a second time with the execution restored from its stored form before every
 * turn, which must make no difference.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dump, load } from "js-yaml";
import { expect, test } from "vitest";
import { newExecution } from "../../../server/asl/execution-state.ts";
import { decodeScope, encodeScope } from "../../../server/asl/scope.ts";
import { step } from "../../../server/asl/step.ts";
import { definitionOf, factsOf, limits, startMs, turnAt } from "../../support/asl/builders.ts";
import { effectLine, eventLine } from "../../support/asl/notation.ts";
import type { Event } from "../../../server/asl/event.ts";
import type { ExecutionState } from "../../../server/asl/execution-state.ts";
import type { HistoryEvent } from "../../../server/asl/history-event.ts";
import type { Limits } from "../../../server/asl/turn.ts";

interface Scenario {
  /** The rule that it shows. */
  readonly about: string;
  readonly definition: unknown;
  readonly input: unknown;
  readonly limits?: Partial<Limits>;
  readonly turns: readonly ScriptedTurn[];
}

interface ScriptedTurn {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly events: readonly Event[];
  /** From here on: what comes of it. */
  readonly stale?: readonly Event[];
  readonly effects?: readonly string[];
  readonly history?: readonly string[];
  readonly status?: string;
  readonly output?: unknown;
  readonly failure?: unknown;
}

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test.each(files)("%s", async (name) => {
  const file = new URL(name, folder);
  const scenario = load(readFileSync(file, "utf8")) as Scenario;
  const played = await play(scenario, false);
  expect(await play(scenario, true)).toEqual(played);
  const text = dump(played, { lineWidth: 120, noRefs: true, flowLevel: 4 });
  await expect(text).toMatchFileSnapshot(file.pathname);
});

async function play(scenario: Scenario, restores: boolean): Promise<Scenario> {
  const definition = definitionOf(scenario.definition);
  const turns: ScriptedTurn[] = [];
  let execution = newExecution(factsOf(JSON.stringify(scenario.input)));
  for (const { at, events } of scenario.turns) {
    if (restores) execution = restored(execution);
    const turn = turnAt(startMs + at, { limits: { ...limits, ...scenario.limits } });
    const { history, effects, verdicts, defect } = await step(definition, execution, events, turn);
    if (defect !== undefined) throw defect;
    const stale = events.filter((_, i) => verdicts[i] === "Stale");
    turns.push({
      at,
      events,
      ...(stale.length > 0 && { stale }),
      effects: effects.map((effect) => effectLine(effect, startMs)),
      history: history.map(line),
      ...(execution.status !== "RUNNING" && { status: execution.status }),
      ...(execution.output !== undefined && { output: JSON.parse(execution.output) }),
      ...(execution.failure !== undefined && { failure: execution.failure }),
    });
  }
  return { ...scenario, turns };
}

function restored(execution: ExecutionState): ExecutionState {
  const scopes = [...execution.scopes].map(
    ([id, scope]) => [id, decodeScope(encodeScope(scope))] as const,
  );
  return { ...execution, scopes: new Map(scopes) };
}

/** With the payload or the error of the event at the end. */
function line(event: HistoryEvent): string {
  const { input, parameters, output, error } = event.details ?? {};
  const payload = input ?? parameters ?? output ?? error;
  return payload === undefined ? eventLine(event) : `${eventLine(event)} ${payload as string}`;
}
