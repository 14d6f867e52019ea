import { EngineError } from "./errors.ts";

/**
 * Checks free texts, alone or within objects, that are to be stored or looked up: PostgreSQL's text
 * holds neither NUL nor half a surrogate pair.
 *
 * @param fields by the request's field; values that are absent are in order.
 * @throws EngineError ValidationException, reason NUL_CHARACTER or MALFORMED_UNICODE
 */
export function checkStorable(fields: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(fields)) {
    const found = problemOf(value);
    if (found === undefined) continue;
    const { reason, description } = found;
    throw new EngineError("ValidationException", `${field} ${description}`, {
      reason,
      metadata: { field },
      violations: [{ field, description, reason }],
    });
  }
}

interface Problem {
  readonly reason: "NUL_CHARACTER" | "MALFORMED_UNICODE";
  readonly description: string;
}

function problemOf(value: unknown): Problem | undefined {
  if (typeof value === "string") return textProblem(value);
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = textProblem(key) ?? problemOf(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What keeps a text from being stored, or undefined. */
export function textProblem(text: string): Problem | undefined {
  if (text.includes("\0"))
    return { reason: "NUL_CHARACTER", description: "has the character U+0000" };
  if (!text.isWellFormed())
    return { reason: "MALFORMED_UNICODE", description: "has half of a surrogate pair" };
  return undefined;
}
