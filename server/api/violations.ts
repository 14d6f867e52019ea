import type { DescEnum } from "@bufbuild/protobuf";
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { EngineError } from "../engine/errors.ts";
import { durationProblem, timestampProblem } from "./convert/time.ts";

interface Violation {
  readonly field: string;
  readonly description: string;
  readonly reason: string;
}

/** Collects everything that is wrong with the form of a request, then refuses it once. */
export class Violations {
  readonly #found: Violation[] = [];

  /** @param description continues the sentence "field ...": `is 7; the limit is 5`. */
  add(field: string, description: string, reason: string): void {
    this.#found.push({ field, description, reason });
  }

  required(field: string, value: string | object | undefined): void {
    if (value === undefined || value === "") this.add(field, "is required", "FIELD_REQUIRED");
  }

  /** An enum number that this contract does not know. */
  known(field: string, desc: DescEnum, value: number): void {
    if (desc.value[value] === undefined)
      this.add(field, `is ${value}, which is no ${desc.name}`, "ENUM_UNKNOWN");
  }

  timestamp(field: string, value: Timestamp | undefined): void {
    const problem = value && timestampProblem(value);
    if (problem !== undefined) this.add(field, problem, "TIMESTAMP_RANGE");
  }

  duration(field: string, value: Duration | undefined): void {
    const problem = value && durationProblem(value);
    if (problem !== undefined) this.add(field, problem, "DURATION_RANGE");
  }

  range(field: string, value: number, [least, most]: readonly [number, number]): void {
    if (value < least || value > most) {
      this.add(field, `is ${value}; it must be between ${least} and ${most}`, "OUT_OF_RANGE");
    }
  }

  /** A text of at most so many characters. */
  length(field: string, value: string, most: number): void {
    if (value.length > most)
      this.add(field, `has ${value.length} characters; the limit is ${most}`, "TOO_LONG");
  }

  /** @throws EngineError ValidationException with all violations, if there are any. */
  refuse(): void {
    const [first] = this.#found;
    if (first === undefined) return;
    const more = this.#found.length === 1 ? "" : ` (and ${this.#found.length - 1} more)`;
    throw new EngineError("ValidationException", `${first.field} ${first.description}${more}`, {
      reason: first.reason,
      metadata: { field: first.field },
      violations: this.#found,
    });
  }
}

/** Refuses a request for one reason. */
export function refuse(field: string, description: string, reason: string): never {
  const violations = new Violations();
  violations.add(field, description, reason);
  violations.refuse();
  throw new Error("unreachable");
}

/** A value of a caller as it may stand in a message: at most 64 characters, control characters escaped. */
export function quoted(value: string): string {
  const cut = value.length > 64 ? `${value.slice(0, 64)}…` : value;
  return JSON.stringify(cut.toWellFormed()).replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
