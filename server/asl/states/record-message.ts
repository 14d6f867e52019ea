import { Payload } from "../payload.ts";
import { outputDetails } from "../text-details.ts";
import type { MessageReceived } from "../event.ts";
import type { Progress } from "../progress.ts";
import type { Position, Scope } from "../scope.ts";

/** Writes down that the message has come. @returns its data. */
export function recordMessage(
  progress: Progress,
  scope: Scope,
  { data }: MessageReceived,
): Payload {
  endWait(progress, scope);
  const message = Payload.ofText(data);
  progress.advance(scope, "MessageReceived", { details: outputDetails(message) });
  return message;
}

/** The scope waits for its message no longer. */
export function endWait(progress: Progress, scope: Scope): void {
  progress.endMessageWait(scope.position as Waiting);
  scope.position = { kind: "Turn" };
}

type Waiting = Extract<Position, { readonly kind: "Message" }>;
