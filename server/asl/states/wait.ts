import { evaluationOf, exitOf, selectedInput } from "../data-flow.ts";
import { parseTimestamp } from "../data/timestamp.ts";
import { leave } from "../leave.ts";
import {
  asNumber,
  integerSetting,
  outOfRange,
  plainText,
  settingValue,
} from "../number-setting.ts";
import { StatesError } from "../states-error.ts";
import type { Evaluation, Setting, WaitState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** Longest Wait, in seconds. */
const waitSecondsMax = 2_147_483_647;

/** ASL § Wait State. No time to wait: it goes on at once. */
export async function enterWait(progress: Progress, scope: Scope, state: WaitState): Promise<void> {
  const evaluation = evaluationOf(progress, scope, await selectedInput(progress, scope, state));
  const { until } = state;
  const dueAtMs =
    until.kind === "Seconds"
      ? progress.turn.nowMs + (await secondsOf(until.seconds, evaluation)) * 1000
      : await timestampMs(until.timestamp, evaluation);
  const setting = until.kind === "Seconds" ? until.seconds : until.timestamp;
  // A time that the definition names may be any.
  if (dueAtMs > progress.turn.nowMs + waitSecondsMax * 1000 && !("value" in setting)) {
    throw outOfRange(until.kind, setting, "Wait state delay is too long.");
  }
  if (dueAtMs <= progress.turn.nowMs) {
    await leaveWait(progress, scope, state);
    return;
  }
  const timerId = scope.enteredEventId;
  scope.position = { kind: "Wait", timerId, dueAtMs };
  progress.index.timers.set(timerId, scope.id);
  progress.effect({ type: "StartTimer", timerId, scopeId: scope.id, dueAtMs });
}

/** The time has come. */
export async function leaveWait(progress: Progress, scope: Scope, state: WaitState): Promise<void> {
  const input = await selectedInput(progress, scope, state);
  leave(progress, scope, await exitOf(progress, scope, state, input), state.next);
}

async function secondsOf(setting: Setting<number>, evaluation: Evaluation): Promise<number> {
  if ("query" in setting) {
    const seconds = (await integerSetting("Seconds", setting, evaluation)) ?? 0;
    if (seconds < 0)
      throw outOfRange("Seconds", setting, `The Seconds field has a negative value: ${seconds}`);
    return seconds;
  }
  const { value, path } = await settingValue(setting, evaluation);
  const seconds = asNumber(value);
  if (seconds === undefined || !Number.isInteger(seconds)) {
    throw runtime(
      `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${plainText(value)}`,
    );
  }
  if (seconds < 0)
    throw runtime(
      `The SecondsPath parameter references a negative value: ${path} == ${plainText(value)}`,
    );
  return seconds;
}

async function timestampMs(setting: Setting<string>, evaluation: Evaluation): Promise<number> {
  const { value, path } = await settingValue(setting, evaluation);
  const instant = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (instant === undefined) {
    if ("query" in setting) {
      throw outOfRange(
        "Timestamp",
        setting,
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${plainText(value)}`,
      );
    }
    throw runtime(
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${plainText(value)}`,
    );
  }
  // Never early: what is left of a millisecond is waited for.
  return instant.ms + (instant.ns > 0 ? 1 : 0);
}

function runtime(cause: string): StatesError {
  return new StatesError("States.Runtime", cause);
}
