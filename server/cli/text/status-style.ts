import type { Style } from "../io.ts";

/** The colour of an execution's or worker's status. */
export function statusStyle(status: string): Style {
  return styles[status] ?? "dim";
}

const styles: Readonly<Record<string, Style>> = {
  RUNNING: "cyan",
  SUCCEEDED: "green",
  CONNECTED: "green",
  FAILED: "red",
  TIMED_OUT: "red",
  ABORTED: "yellow",
  PAUSED: "yellow",
  LOST: "yellow",
  DRAINING: "yellow",
};
