/** The branches of a Parallel and the items of a Map: each runs alone, then it is seen which came first. */
import { AmbiguousError, Failure } from "./failure.ts";
import type { Json } from "./machine.ts";
import type { Entry, Thread } from "./thread.ts";

export interface Child {
  /** Its input. An item that can not even be selected is beyond tolerance. */
  readonly select: () => Promise<Json>;
  readonly run: (input: Json, thread: Thread) => Promise<Json>;
  /** What `$$.Map.Item` is inside. */
  readonly item?: Json;
}

export interface Bounds {
  /** Most that run at a time. */
  readonly concurrency: number;
  /** Failed ones that are put up with; absent: none, the first failure is the whole state's. */
  readonly tolerated?: number | undefined;
}

interface Ended {
  readonly output?: Json;
  readonly failure?: Failure;
  readonly isSelected: boolean;
  readonly thread: Thread;
}

/** @returns the outputs of those that succeeded, in order; `thread` has then waited for all of them. */
export async function runChildren(
  thread: Thread,
  name: string,
  children: readonly Child[],
  { concurrency, tolerated }: Bounds,
): Promise<readonly Json[]> {
  const startMs = thread.nowMs;
  const freeAtMs = Array.from({ length: Math.min(concurrency, children.length) }, () => startMs);
  const ended: Ended[] = [];
  for (const [index, child] of children.entries()) {
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    const own: Thread = {
      ...thread,
      path: `${thread.path}${name}[${index}]/`,
      variables: { ...thread.variables },
      nowMs: freeAtMs[slot] ?? startMs,
      trace: [],
      ...(child.item !== undefined && { item: child.item }),
    };
    ended.push(await runChild(child, own));
    freeAtMs[slot] = own.nowMs;
  }
  const decisive = decisiveOf(ended, startMs, tolerated);
  const endMs = decisive?.thread.nowMs ?? Math.max(startMs, ...freeAtMs);
  for (const child of ended)
    thread.trace.push(
      ...(decisive === undefined || child === decisive
        ? child.thread.trace
        : cut(child.thread.trace, endMs)),
    );
  thread.nowMs = endMs;
  if (decisive !== undefined) throw ofParent(decisive, tolerated);
  return ended.flatMap(({ output }) => (output === undefined ? [] : [output]));
}

async function runChild(child: Child, thread: Thread): Promise<Ended> {
  let isSelected = false;
  try {
    const input = await child.select();
    isSelected = true;
    return { output: await child.run(input, thread), isSelected, thread };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return { failure, isSelected, thread };
  }
}

/** The child whose failure is one too many. */
function decisiveOf(ended: readonly Ended[], startMs: number, tolerated = 0): Ended | undefined {
  const failed = ended
    .filter(({ failure }) => failure !== undefined)
    .toSorted((a, b) => a.thread.nowMs - b.thread.nowMs);
  let count = 0;
  const decisive = failed.find((child) => isFatal(child) || (count += 1) > tolerated);
  const rivals = failed.filter((other) => other.thread.nowMs === decisive?.thread.nowMs);
  // At the start they run one after the other, in order; later nothing orders what happens at once.
  if (rivals.length > 1 && decisive?.thread.nowMs !== startMs) throw new AmbiguousError();
  return decisive;
}

function isFatal({ failure, isSelected }: Ended): boolean {
  return !isSelected || failure?.error === "States.Runtime";
}

/** A child's failure as that of the whole state. What was the child's data may be retried from outside. */
function ofParent(child: Ended, tolerated: number | undefined): Failure {
  const failure = child.failure ?? new Failure(undefined, undefined);
  if (!child.isSelected) return failure;
  if (tolerated !== undefined && !isFatal(child)) {
    const cause = "The specified tolerated failure threshold was exceeded";
    return new Failure("States.ExceedToleratedFailureThreshold", cause);
  }
  return new Failure(failure.error, failure.cause, { isHeartbeat: failure.isHeartbeat });
}

/** What others had done when it ended; what they did in the same instant may have come too late. */
export function cut(trace: readonly Entry[], atMs: number): readonly Entry[] {
  return trace
    .filter((entry) => entry.atMs <= atMs)
    .map((entry) => (entry.atMs === atMs ? { ...entry, isMaybe: true } : entry));
}
