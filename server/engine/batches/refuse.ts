import { EngineError } from "../errors.ts";

/** @throws EngineError ValidationException for one field of a request. */
export function refuse(field: string, description: string, reason: string): never {
  throw new EngineError("ValidationException", `${field} ${description}`, {
    reason,
    metadata: { field },
    violations: [{ field, description, reason }],
  });
}
