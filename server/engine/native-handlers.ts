import type { NativeHandler, NativeHandlers } from "./native-worker.ts";

/** What Pawl does itself, by queue name: no other worker is given these tasks. */
export function nativeHandlers(): NativeHandlers {
  return new Map<string, NativeHandler>();
}
