import type pg from "pg";
import { checkPayload, parseJson, type Limits } from "../asl/index.ts";
import { findMessageWaits, type FoundWait } from "../store/sql/message-waits.ts";
import {
  bufferedMessages,
  claimMessage,
  countBuffered,
  findMessage,
  keepMessage,
  removeExpiredMessages,
  settleMessage,
  strandedMessages,
  type KeptMessage,
} from "../store/sql/messages.ts";
import { monotonicMs } from "./clock.ts";
import { checkStorable } from "./check-storable.ts";
import { correlationOf } from "./correlation.ts";
import type { SendMessage, SentMessage, StateMachine } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { deriveExecutionId, newUuidV7 } from "./ids.ts";
import { Sweep } from "./sweep.ts";
import type { TurnLoop } from "./turn-loop.ts";

export interface MessagesOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly limits: Limits;
  readonly nowMs: () => number;
  readonly machineOf: (reference: string) => Promise<StateMachine>;
  readonly onError: (error: unknown, message: string) => void;
}

/** How long the id of a message without a time to live is known: longer than any client repeats a call. */
const dedupeMs = 10 * 60_000;
const timeToLiveMsMax = 30 * 24 * 3_600_000;
const correlationKeyLengthMax = 1_024;
const messageIdLengthMax = 256;
/** Messages of one key and value that may wait. */
const bufferedMax = 1_000;
/** Waits that one look finds; there may be more, which the next look finds. */
const waitsPerLook = 1_000;
/** A message under way for longer than this has lost its sender. */
const strandedMs = 5_000;
const sweepMs = 5_000;
/** A repeated call gives the first sender so long, and looks so often how far it is. */
const senderMs = 1_000;
const senderLookMs = 20;

/** How a message is to be sent, as it is kept. */
interface Sending {
  readonly match: SendMessage["match"];
  readonly stateMachineId?: string;
  readonly isBuffered: boolean;
}

/**
 * Messages: who waits for one, and what is kept until someone does.
 *
 * A plain message is brought to the executions that wait at the moment; each takes it or its timeout in
 * a turn, so one of the two wins, and only those that took it are named. A message with an id or a
 * time to live is a row first. Sender and waiting state both look for each other after their COMMIT,
 * so at least one of them finds the other, and a sweep finds what a crash left in the middle.
 */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #sweep: Sweep;
  /** Correlations that have new waits, looked up together. */
  #newWaits = new Set<string>();

  constructor(options: MessagesOptions) {
    this.#options = options;
    this.#sweep = new Sweep({
      look: () => this.#lookForStranded(),
      everyMs: sweepMs,
      onError: (error) => options.onError(error, "could not look after messages"),
    });
  }

  start(): void {
    this.#sweep.start();
  }

  stop(): void {
    this.#sweep.stop();
  }

  async send(request: SendMessage): Promise<SentMessage> {
    const { correlation, data, sending } = await this.#checked(request);
    const { messageId, timeToLiveMs = 0 } = request;
    if (messageId === undefined && timeToLiveMs === 0) {
      return { executions: await this.#deliver({ correlation, data, sending }), isBuffered: false };
    }
    const id =
      messageId === undefined
        ? newUuidV7(this.#options.nowMs())
        : deriveExecutionId(correlation, messageId);
    const kept = await keepMessage(
      this.#options.sql,
      { id, correlation, data, request: JSON.stringify(sending) },
      timeToLiveMs === 0 ? dedupeMs : timeToLiveMs,
    );
    return kept.isNew ? await this.#sendKept(kept) : await this.#sendAgain(kept);
  }

  /** It is acknowledged when it has been brought to whom it is for; whoever sent it first may have died in the middle. */
  async #sendAgain(first: KeptMessage): Promise<SentMessage> {
    const { sql } = this.#options;
    let kept: KeptMessage | undefined = first;
    for (const lateAtMs = monotonicMs() + senderMs; kept?.status === "PENDING";) {
      if (monotonicMs() > lateAtMs) await this.#takeUp(kept);
      else await new Promise((resolve) => setTimeout(resolve, senderLookMs));
      kept = await findMessage(sql, first.id);
    }
    return { executions: [], isBuffered: kept?.status === "BUFFERED", isDuplicate: true };
  }

  /** After COMMIT: states wait for these. Messages that came first are theirs. */
  noteWaits(correlations: readonly string[]): void {
    if (this.#newWaits.size === 0)
      setImmediate(() => {
        const noted = [...this.#newWaits];
        this.#newWaits = new Set();
        this.#matchBuffered(noted).catch((error: unknown) =>
          this.#options.onError(error, "could not look for buffered messages"),
        );
      });
    for (const correlation of correlations) this.#newWaits.add(correlation);
  }

  async #checked(
    request: SendMessage,
  ): Promise<{ correlation: string; data: string; sending: Sending }> {
    const { correlationKey, correlationValue, data = "{}", messageId = "" } = request;
    const { match, stateMachine, timeToLiveMs = 0 } = request;
    checkLength("correlation_key", correlationKey, [1, correlationKeyLengthMax]);
    checkLength("message_id", messageId, [0, messageIdLengthMax]);
    checkStorable({ correlation_key: correlationKey, message_id: messageId });
    if (timeToLiveMs < 0 || timeToLiveMs > timeToLiveMsMax)
      refuse("time_to_live", `is ${timeToLiveMs} ms; it must be from 0 to ${timeToLiveMsMax} ms`);
    this.#checkJson("correlation_value", correlationValue);
    this.#checkJson("data", data);
    const machine =
      stateMachine === undefined ? undefined : await this.#options.machineOf(stateMachine);
    return {
      correlation: correlationOf(correlationKey, parseJson(correlationValue)),
      data,
      sending: {
        match,
        isBuffered: timeToLiveMs > 0,
        ...(machine !== undefined && { stateMachineId: machine.id }),
      },
    };
  }

  #checkJson(field: string, text: string): void {
    const problem = checkPayload(text, { bytesMax: this.#options.limits.payloadBytesMax });
    if (problem !== undefined) refuse(field, problem.message, problem.reason);
  }

  async #sendKept(message: KeptMessage): Promise<SentMessage> {
    const { sql } = this.#options;
    const { id, correlation, data, sentAt } = message;
    const sending = JSON.parse(message.request) as Sending;
    const kept = { id, sentAt };
    let executions: readonly string[];
    try {
      executions = await this.#deliver({ correlation, data, sending, kept });
    } catch (error) {
      // Refused, so nothing was done: it may be sent again under its id.
      if (error instanceof EngineError) await settleMessage(sql, id, "Forgotten");
      throw error;
    }
    if (executions.length > 0 || !sending.isBuffered) {
      await settleMessage(sql, id, executions.length > 0 ? "SENT" : "Forgotten");
      return { executions, isBuffered: false };
    }
    if ((await countBuffered(sql, correlation)) >= bufferedMax) {
      await settleMessage(sql, id, "Forgotten");
      const text = `${bufferedMax} messages with this correlation key and value wait to be received; the limit is ${bufferedMax}`;
      throw new EngineError("ResourceExhausted", text, { retryAfterMs: 60_000 });
    }
    await settleMessage(sql, id, "BUFFERED");
    // Somebody may have begun to wait in between, and have looked before it lay there.
    const received = await this.#matchBuffered([correlation]);
    const receiver = received.get(id);
    return receiver === undefined
      ? { executions: [], isBuffered: true }
      : { executions: [receiver], isBuffered: false };
  }

  /** @returns the executions that took it. */
  async #deliver(message: {
    readonly correlation: string;
    readonly data: string;
    readonly sending: Sending;
    readonly kept?: Pick<KeptMessage, "id" | "sentAt">;
  }): Promise<readonly string[]> {
    const { correlation, data, sending, kept } = message;
    const { sql } = this.#options;
    const taken = new Set<string>();
    for (;;) {
      const waits = await findMessageWaits(sql, {
        correlation,
        limit: waitsPerLook,
        ...(sending.stateMachineId !== undefined && { stateMachineId: sending.stateMachineId }),
        ...(kept !== undefined && { waitingAt: kept.sentAt }),
      });
      if (sending.match === "EXACTLY_ONE" && waits.length !== 1) throw notExactlyOne(waits.length);
      const event = { data, ...(kept !== undefined && { messageId: kept.id }) };
      if (sending.match !== "ALL") {
        const receiver = await this.#deliverToOne(waits, event);
        return receiver === undefined ? [] : [receiver];
      }
      const results = await Promise.all(waits.map((wait) => this.#bring(wait, event)));
      for (const [index, isTaken] of results.entries())
        if (isTaken) taken.add(waits[index]!.executionId);
      if (waits.length < waitsPerLook) return [...taken];
    }
  }

  async #deliverToOne(
    waits: readonly FoundWait[],
    event: { readonly data: string; readonly messageId?: string },
  ): Promise<string | undefined> {
    for (const wait of waits) {
      if (await this.#bring(wait, event)) return wait.executionId;
      // Two may be sending the same kept message, one of them after a crash of the other's server.
      if (event.messageId === undefined) continue;
      const now = await findMessage(this.#options.sql, event.messageId);
      if (now?.isReceived !== false) return wait.executionId;
    }
    return undefined;
  }

  async #bring(
    { executionId, waitId }: FoundWait,
    event: { readonly data: string; readonly messageId?: string },
  ): Promise<boolean> {
    const { turns } = this.#options;
    const result = await turns.submit(executionId, { type: "MessageReceived", waitId, ...event });
    return result === "Applied";
  }

  /** @returns by the id of each message that was received, by whom. */
  async #matchBuffered(correlations: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const received = new Map<string, string>();
    const { sql } = this.#options;
    for (const message of await bufferedMessages(sql, correlations)) {
      const { stateMachineId } = JSON.parse(message.request) as Sending;
      const { correlation } = message;
      const waits = await findMessageWaits(sql, {
        correlation,
        limit: 1,
        ...(stateMachineId !== undefined && { stateMachineId }),
      });
      const target = waits[0];
      if (target === undefined || !(await claimMessage(sql, message.id, target))) continue;
      if (await this.#bringClaimed(message, target)) received.set(message.id, target.executionId);
    }
    return received;
  }

  /** @returns false when the wait was over: the message waits on. */
  async #bringClaimed(
    { id, data }: Pick<KeptMessage, "id" | "data">,
    target: FoundWait,
  ): Promise<boolean> {
    const isTaken = await this.#bring(target, { data, messageId: id });
    await settleMessage(this.#options.sql, id, isTaken ? "SENT" : "BUFFERED");
    return isTaken;
  }

  async #lookForStranded(): Promise<void> {
    const { sql } = this.#options;
    const { underWay, correlations } = await strandedMessages(sql, strandedMs);
    for (const message of underWay) await this.#takeUp(message);
    await this.#matchBuffered(correlations);
    await removeExpiredMessages(sql);
  }

  /** Brings to its end what another sender has begun. */
  async #takeUp(message: KeptMessage): Promise<void> {
    const { id, status, isReceived, targetExecutionId, targetWaitId } = message;
    const isForOne = (JSON.parse(message.request) as Sending).match !== "ALL";
    if (isReceived && (status === "CLAIMED" || isForOne))
      await settleMessage(this.#options.sql, id, "SENT");
    else if (status === "PENDING") await this.#sendKept(message);
    else if (targetExecutionId !== null && targetWaitId !== null)
      await this.#bringClaimed(message, { executionId: targetExecutionId, waitId: targetWaitId });
  }
}

function checkLength(field: string, text: string, [least, most]: readonly [number, number]): void {
  if (text.length >= least && text.length <= most) return;
  refuse(field, `has ${text.length} characters; it must have from ${least} to ${most}`);
}

function refuse(field: string, description: string, reason = "OUT_OF_RANGE"): never {
  throw new EngineError("ValidationException", `${field} ${description}`, {
    reason,
    metadata: { field },
    violations: [{ field, description, reason }],
  });
}

function notExactlyOne(count: number): EngineError {
  const text = `${count === waitsPerLook ? `at least ${count}` : count} states wait for this message; the match policy EXACTLY_ONE needs one`;
  return new EngineError("ConflictException", text, {
    reason: "NOT_EXACTLY_ONE",
    metadata: { waits: String(count) },
  });
}
