/** The column executions.redrive: what is kept of an execution's redrives. */
export interface Redrives {
  readonly count: number;
  /** Of the last one. */
  readonly timeMs: number;
  /** Requests that redrove it, the latest last. */
  readonly requests: readonly { readonly id: string; readonly timeMs: number }[];
}

/** Requests that are remembered, and for how long: AWS's numbers. */
const requestsMax = 10;
const requestAgeMsMax = 15 * 60_000;

export function redrivesOf(text: string | null): Redrives | undefined {
  return text === null ? undefined : (JSON.parse(text) as Redrives);
}

/** When an execution was started, or redriven last, by its row. Milliseconds since the epoch. */
export function begunAtMsOfRow(row: {
  readonly redrive: string | null;
  readonly startedAtMs: number;
}): number {
  return redrivesOf(row.redrive)?.timeMs ?? row.startedAtMs;
}

/** When the request redrove the execution, if it did so lately. */
export function redriveOfRequest(
  redrives: Redrives | undefined,
  id: string | undefined,
  nowMs: number,
): number | undefined {
  const timeMs = redrives?.requests.find((request) => request.id === id)?.timeMs;
  return timeMs !== undefined && nowMs - timeMs < requestAgeMsMax ? timeMs : undefined;
}

/** The text to store after one more. @param id of the request; absent: it has none. */
export function withRedrive(
  before: Redrives | undefined,
  { count, timeMs }: { readonly count: number; readonly timeMs: number },
  id: string | undefined,
): string {
  const known = before?.requests.filter((request) => request.id !== id) ?? [];
  const requests = id === undefined ? known : [...known, { id, timeMs }];
  return JSON.stringify({ count, timeMs, requests: requests.slice(-requestsMax) });
}
