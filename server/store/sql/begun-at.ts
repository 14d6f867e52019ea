/** An execution as it stood when somebody looked; a redrive makes another attempt of it. */
export interface ExecutionAttempt {
  readonly id: string;
  /** When it was started, or redriven last. Milliseconds since the epoch. */
  readonly begunAtMs: number;
}

/** SQL of `begunAtMs` of execution `e`. */
export const begunAt =
  "coalesce((e.redrive::json ->> 'timeMs')::float8, (extract(epoch from e.started_at) * 1000)::float8)";
