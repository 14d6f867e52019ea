import { evaluationOf, selectedInput } from "../data-flow.ts";
import { fail } from "../fail.ts";
import { stringifyJson } from "../json.ts";
import { integerSetting, outOfRange, plainText, settingValue } from "../number-setting.ts";
import { workDone } from "../work-done.ts";
import { endWait, recordMessage } from "./record-message.ts";
import type { Evaluation, MessageState } from "../definition/definition.ts";
import type { MessageReceived } from "../event.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** From here on a message with its key and value wakes the state; also after every retry. */
export async function awaitMessage(
  progress: Progress,
  scope: Scope,
  state: MessageState,
): Promise<void> {
  const input = await selectedInput(progress, scope, state);
  const evaluation = evaluationOf(progress, scope, input);
  const key = await settingValue(state.correlationKey, evaluation);
  const correlationKey = plainText(key.value);
  const correlationValue =
    state.correlationValue === undefined
      ? input.value
      : await state.correlationValue.evaluate(evaluation);
  const timeoutSeconds = await timeoutOf(state, evaluation);

  const waitId = progress.advance(scope, "MessageWaitStarted", {
    details: {
      correlationKey,
      correlationValue: stringifyJson(correlationValue),
      ...(timeoutSeconds > 0 && { timeoutInSeconds: timeoutSeconds }),
    },
  });
  const due =
    timeoutSeconds > 0 ? { dueAtMs: progress.turn.nowMs + timeoutSeconds * 1000 } : undefined;
  scope.position = { kind: "Message", waitId, ...due };
  progress.index.messages.set(waitId, scope.id);
  const statePath = scope.path + scope.stateName;
  progress.effect({
    type: "AwaitMessage",
    waitId,
    statePath,
    correlationKey,
    correlationValue,
    ...due,
  });
  if (due === undefined) return;
  progress.index.timers.set(waitId, scope.id);
  progress.effect({ type: "StartTimer", timerId: waitId, scopeId: scope.id, ...due });
}

/** The message has come: its data are the state's result. */
export async function messageReceived(
  progress: Progress,
  scope: Scope,
  state: MessageState,
  event: MessageReceived,
): Promise<void> {
  const message = recordMessage(progress, scope, event);
  await workDone(progress, scope, state, message);
}

/** No message came in time. */
export async function messageTimedOut(progress: Progress, scope: Scope): Promise<void> {
  endWait(progress, scope);
  progress.advance(scope, "MessageWaitTimedOut", { details: {} });
  await fail(progress, scope, { failure: { error: "States.Timeout" } });
}

/** 0: for ever. */
async function timeoutOf(state: MessageState, evaluation: Evaluation): Promise<number> {
  const seconds = (await integerSetting("TimeoutSeconds", state.timeoutSeconds, evaluation)) ?? 0;
  if (seconds >= 0 && seconds <= 99_999_999) return seconds;
  const cause = `TimeoutSeconds must be between 0 and 99999999, but was: ${seconds}`;
  throw outOfRange("TimeoutSeconds", state.timeoutSeconds, cause);
}
