import type {
  CancelReason as EngineCancelReason,
  HeartbeatReply as EngineHeartbeatReply,
  OutcomeAck as EngineOutcomeAck,
  SessionSink,
  Task as EngineTask,
} from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import {
  CancelReason,
  type OutcomeAck,
  type WorkRequest,
  type WorkResponse,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import { heartbeatReplyOf, outcomeAckOf } from "../convert/task-report.ts";
import { taskBytes, taskOf } from "../convert/task.ts";
import { durationOf } from "../convert/time.ts";
import { batchTasksMax, frameBytesMax, workQueueBytesMax } from "../limits.ts";
import type { DuplexCall } from "./duplex-call.ts";
import { Outbox } from "./outbox.ts";

/**
 * What goes to a worker: collects what the engine says within one turn of the event loop and sends it
 * as few frames. A worker that does not read is held back up to {@link workQueueBytesMax}, then refused.
 */
export class WorkFrames implements SessionSink {
  readonly #call: DuplexCall<WorkRequest, WorkResponse>;
  readonly #outbox: Outbox<WorkRequest, WorkResponse>;
  #tasks: EngineTask[] = [];
  #acks: EngineOutcomeAck[] = [];
  #refusedAcks: OutcomeAck[] = [];
  #replies: EngineHeartbeatReply[] = [];
  /** Frames that were made already: rare ones, and those whose place in the order matters. */
  #frames: WorkResponse["message"][] = [];
  #queuedBytes = 0;
  #isOpen = false;

  constructor(call: DuplexCall<WorkRequest, WorkResponse>) {
    this.#call = call;
    this.#outbox = new Outbox(call, () => this.#flush());
  }

  /** Sends the welcome; nothing leaves before it. */
  open(welcome: WorkResponse): void {
    this.#call.send(welcome);
    this.#isOpen = true;
    this.#outbox.flushNow();
  }

  tasks(tasks: readonly EngineTask[]): void {
    for (const task of tasks) {
      this.#tasks.push(task);
      this.#queuedBytes += taskBytes(task);
    }
    this.#mark();
  }

  outcomeAcks(acks: readonly EngineOutcomeAck[]): void {
    for (const ack of acks) this.#acks.push(ack);
    this.#queuedBytes += acks.length * smallBytes;
    this.#mark();
  }

  /** Verdicts this door gave without asking the engine. */
  refusedOutcomes(acks: readonly OutcomeAck[]): void {
    if (acks.length === 0) return;
    this.#refusedAcks.push(...acks);
    this.#queuedBytes += acks.length * smallBytes;
    this.#mark();
  }

  heartbeatReplies(replies: readonly EngineHeartbeatReply[]): void {
    for (const reply of replies) this.#replies.push(reply);
    this.#queuedBytes += replies.length * smallBytes;
    this.#mark();
  }

  cancel(taskTokens: readonly Uint8Array[], reason: EngineCancelReason): void {
    this.send(
      {
        case: "cancel",
        value: {
          $typeName: "pawl.v1.CancelTasks",
          taskTokens: taskTokens as Uint8Array<ArrayBuffer>[],
          reason: CancelReason[reason],
        },
      },
      taskTokens.length * smallBytes,
    );
  }

  serverDrain(reason: string, deadlineMs: number): void {
    const deadline = durationOf(deadlineMs);
    this.send({
      case: "serverDrain",
      value: { $typeName: "pawl.v1.ServerDrain", reconnectAfter: durationOf(0), deadline, reason },
    });
  }

  end(error: Error): void {
    this.#call.refuse(error);
  }

  /** Sends a frame after the tasks that were given before it. */
  send(message: WorkResponse["message"], bytes = smallBytes): void {
    if (this.#tasks.length > 0) this.#moveTasks();
    this.#frames.push(message);
    this.#queuedBytes += bytes;
    this.#mark();
  }

  /** Sends what has come so far, not waiting for the tick to end. */
  flush(): void {
    this.#outbox.flushNow();
  }

  #mark(): void {
    if (this.#call.isOver) {
      this.#forget();
      return;
    }
    if (this.#queuedBytes > workQueueBytesMax) {
      this.#forget();
      const message = `the worker does not read: more than ${workQueueBytesMax} bytes wait for it`;
      this.#call.refuse(new EngineError("ResourceExhausted", message, { reason: "SLOW_CONSUMER" }));
      return;
    }
    this.#outbox.mark();
  }

  #flush(): void {
    if (!this.#isOpen) return;
    if (this.#acks.length > 0 || this.#refusedAcks.length > 0) this.#moveAcks();
    if (this.#replies.length > 0) this.#moveReplies();
    if (this.#tasks.length > 0) this.#moveTasks();
    const frames = this.#frames;
    this.#frames = [];
    this.#queuedBytes = 0;
    for (const [index, message] of frames.entries()) {
      if (this.#outbox.send({ $typeName: "pawl.v1.WorkResponse", message })) continue;
      this.#frames = frames.slice(index + 1);
      this.#queuedBytes =
        this.#frames.length === 0
          ? 0
          : this.#frames.reduce((sum, frame) => sum + frameBytes(frame), 0);
      return;
    }
  }

  /** Batches of at most {@link batchTasksMax} tasks and about {@link frameBytesMax}. */
  #moveTasks(): void {
    let batch: EngineTask[] = [];
    let bytes = 0;
    for (const task of this.#tasks) {
      const size = taskBytes(task);
      if (batch.length === batchTasksMax || (batch.length > 0 && bytes + size > frameBytesMax)) {
        this.#pushBatch(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(task);
      bytes += size;
    }
    this.#pushBatch(batch);
    this.#tasks = [];
  }

  #pushBatch(batch: readonly EngineTask[]): void {
    this.#frames.push({
      case: "tasks",
      value: { $typeName: "pawl.v1.TaskBatch", tasks: batch.map(taskOf) },
    });
  }

  #moveAcks(): void {
    const acks = this.#acks.map(outcomeAckOf);
    if (this.#refusedAcks.length > 0) acks.push(...this.#refusedAcks);
    this.#frames.push({ case: "outcomeAcks", value: { $typeName: "pawl.v1.OutcomeAcks", acks } });
    this.#acks = [];
    this.#refusedAcks = [];
  }

  #moveReplies(): void {
    const replies = this.#replies.map(heartbeatReplyOf);
    this.#frames.push({
      case: "heartbeatReplies",
      value: { $typeName: "pawl.v1.HeartbeatReplies", replies },
    });
    this.#replies = [];
  }

  #forget(): void {
    this.#tasks = [];
    this.#acks = [];
    this.#refusedAcks = [];
    this.#replies = [];
    this.#frames = [];
    this.#queuedBytes = 0;
  }
}

/** What an ack, a reply or a rare frame counts for. */
const smallBytes = 120;

/** Frames wait only behind a slow reader, so their size is worked out only then. */
function frameBytes(message: WorkResponse["message"]): number {
  switch (message.case) {
    case "tasks":
      return message.value.tasks.reduce(
        (sum, task) => sum + (task.inputOmitted ? 0 : Number(task.inputBytes)) + 800,
        0,
      );
    case "outcomeAcks":
      return message.value.acks.length * smallBytes;
    case "heartbeatReplies":
      return message.value.replies.length * smallBytes;
    default:
      return smallBytes;
  }
}
