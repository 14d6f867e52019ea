import { EngineError } from "./errors.ts";

/**
 * The optimistic lock of AIP-154: absent, whatever is there will do.
 * @throws EngineError ConflictException, reason ETAG_MISMATCH
 */
export function checkEtag(
  what: "state machine" | "alias",
  present: string,
  asked: string | undefined,
): void {
  if (asked === undefined || asked === present) return;
  throw new EngineError(
    "ConflictException",
    `the ${what} was changed meanwhile: its etag is ${present}, not ${asked.slice(0, 64)}`,
    { reason: "ETAG_MISMATCH", metadata: { etag: present } },
  );
}
