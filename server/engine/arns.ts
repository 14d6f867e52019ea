import type { AwsNames } from "../asl/index.ts";
import { textProblem } from "./check-storable.ts";
import { EngineError } from "./errors.ts";
import type { EngineErrorCode } from "./errors.ts";
import { candidateIds, isUuid } from "./ids.ts";

interface ExecutionReference {
  readonly stateMachineName: string;
  readonly name: string;
  /** Ids, likeliest first. Of an EXPRESS execution only its ARN says which. */
  readonly candidates: readonly string[];
}

/**
 * The names under which others know what is here: `arn:aws:states:<region>:<account>:<kind>:<name>`.
 *
 * A reference is what a caller may give instead: an ARN, a bare name (of a machine or an activity), or
 * `machine/name` (of an execution). A machine's may end with `:<version>` or `:<alias>`. Names have no
 * colon, so any other one with a colon is meant as an ARN.
 */
export class Arns {
  readonly #prefix: string;

  constructor({ region, accountId }: AwsNames) {
    this.#prefix = `arn:aws:states:${region}:${accountId}`;
  }

  stateMachine(name: string): string {
    return `${this.#prefix}:stateMachine:${name}`;
  }

  /** @param qualifier a version's number or an alias's name. */
  qualified(name: string, qualifier: number | string): string {
    return `${this.stateMachine(name)}:${qualifier}`;
  }

  activity(name: string): string {
    return `${this.#prefix}:activity:${name}`;
  }

  /** @param id what tells EXPRESS executions of one name apart. */
  execution(
    machine: { readonly name: string; readonly type: "STANDARD" | "EXPRESS" },
    name: string,
    id: string,
  ): string {
    if (machine.type === "STANDARD") return `${this.#prefix}:execution:${machine.name}:${name}`;
    return `${this.#prefix}:express:${machine.name}:${name}:${id}`;
  }

  /**
   * The machine's name, of an unqualified reference.
   * @throws EngineError InvalidArn, StateMachineDoesNotExist when it is qualified, or of another region or account
   */
  parseStateMachine(reference: string): string {
    const { name, qualifier } = this.parseQualified(reference);
    if (qualifier !== undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
    return name;
  }

  /** The machine's name, with the version or alias if one is named. @throws EngineError InvalidArn, StateMachineDoesNotExist */
  parseQualified(reference: string): QualifiedName {
    refuseUnstorable(reference);
    const isShort = !isArn(reference) || qualifiedPattern.test(reference);
    const parts = isShort
      ? reference.split(":")
      : this.#parse(reference, ["stateMachine"], "StateMachineDoesNotExist").parts;
    const [name = "", qualifier, more] = parts;
    if (name === "" || qualifier === "" || more !== undefined)
      throw doesNotExist("StateMachineDoesNotExist", reference);
    return { name, ...(qualifier !== undefined && { qualifier: qualifierOf(qualifier) }) };
  }

  /** The activity's name. @throws EngineError InvalidArn, ActivityDoesNotExist */
  parseActivity(reference: string): string {
    refuseUnstorable(reference);
    if (!isArn(reference)) return reference;
    return this.#parse(reference, ["activity"], "ActivityDoesNotExist").parts.join(":");
  }

  /** What has labels. @throws EngineError InvalidArn, ResourceNotFound for what is of elsewhere, a version or an alias */
  parseResource(arn: string): { kind: "stateMachine" | "activity"; name: string } {
    refuseUnstorable(arn);
    const { kind, parts } = this.#parse(arn, ["stateMachine", "activity"], "ResourceNotFound");
    if (parts.length > 1) throw doesNotExist("ResourceNotFound", arn);
    return { kind: kind === "activity" ? "activity" : "stateMachine", name: parts[0]! };
  }

  /** The id of a Map Run. @throws EngineError InvalidArn, ResourceNotFound */
  parseMapRun(reference: string): string {
    refuseUnstorable(reference);
    if (isUuid(reference)) return reference;
    const { parts } = this.#parse(reference, ["mapRun"], "ResourceNotFound");
    const [, id = ""] = parts;
    if (parts.length !== 2 || !isUuid(id)) throw invalidArn(`Invalid ARN: ${shown(reference)}`);
    return id;
  }

  /** Machine and name of an execution, and the ids it may have. @throws EngineError InvalidArn, ExecutionDoesNotExist */
  parseExecution(reference: string): ExecutionReference {
    refuseUnstorable(reference);
    if (!isArn(reference)) {
      const [stateMachineName = "", name = "", more] = reference.split("/");
      if (stateMachineName === "" || name === "" || more !== undefined)
        throw doesNotExist("ExecutionDoesNotExist", reference);
      return { stateMachineName, name, candidates: candidateIds(stateMachineName, name) };
    }
    const { kind, parts } = this.#parse(
      reference,
      ["execution", "express"],
      "ExecutionDoesNotExist",
    );
    const [stateMachineName = "", name = "", id] = parts;
    if (parts.length !== (kind === "express" ? 3 : 2) || name === "")
      throw invalidArn(`Invalid ARN: ${shown(reference)}`);
    if (id === undefined)
      return { stateMachineName, name, candidates: candidateIds(stateMachineName, name) };
    if (!isUuid(id)) throw doesNotExist("ExecutionDoesNotExist", reference);
    return { stateMachineName, name, candidates: [id] };
  }

  #parse(
    arn: string,
    kinds: readonly string[],
    unknown: EngineErrorCode,
  ): { kind: string; parts: readonly string[] } {
    const [scheme, partition, service, region, account, kind, ...parts] = arn.split(":");
    if (scheme !== "arn") throw invalidArn(`Invalid ARN prefix: ${shown(arn)}`);
    if (service !== "states")
      throw invalidArn(`Service name not valid in this context: ${shown(service ?? "")}`);
    if (kind === undefined || !kinds.includes(kind)) {
      throw invalidArn(`Resource type not valid in this context: ${shown(kind ?? "")}`);
    }
    if (parts.length === 0 || parts[0] === "")
      throw invalidArn(`Resource name is missing: ${shown(arn)}`);
    // Whatever is of elsewhere can not be here.
    const isOurs = `${scheme}:${partition}:${service}:${region}:${account}` === this.#prefix;
    if (!isOurs) throw doesNotExist(unknown, arn);
    return { kind, parts };
  }
}

/** A machine, or what of it is meant: a version by its number, an alias by its name. */
export interface QualifiedName {
  readonly name: string;
  readonly qualifier?: number | string;
}

/** The last part of a version's or an alias's ARN: alias names have something else than digits. */
export function qualifierOf(arn: string): number | string {
  const last = arn.slice(arn.lastIndexOf(":") + 1);
  return versionPattern.test(last) ? Number(last) : last;
}

/** As PostgreSQL's integer holds them. */
const versionPattern = /^[1-9][0-9]{0,8}$/;

/** What can not be stored can not be asked for either. */
function refuseUnstorable(reference: string): void {
  const problem = textProblem(reference);
  if (problem !== undefined) throw invalidArn(`${shown(reference)} ${problem.description}`);
}

/** Names have no colon. */
function isArn(reference: string): boolean {
  return reference.includes(":");
}

/** `orders:7` and `orders:live` are no ARNs. */
const qualifiedPattern = /^(?!arn:)[^:]+:[^:]*$/;

const sentences = {
  ActivityDoesNotExist: { text: "Activity Does Not Exist", type: "Activity" },
  ExecutionDoesNotExist: { text: "Execution Does Not Exist", type: "Execution" },
  ResourceNotFound: { text: "Resource not found", type: "Resource" },
  StateMachineDoesNotExist: { text: "State Machine Does Not Exist", type: "StateMachine" },
} as const;

/** AWS's refusal of a reference to what is not here. */
export function doesNotExist(code: EngineErrorCode, reference: string): EngineError {
  const sentence = sentences[code as keyof typeof sentences];
  return new EngineError(code, `${sentence.text}: '${shown(reference)}'`, {
    resource: { type: sentence.type, name: shown(reference) },
  });
}

/** What `parse` gives, or undefined where it refuses with `code`: of elsewhere, so not here. */
export function unlessUnknown(code: EngineErrorCode, parse: () => string): string | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof EngineError && error.code === code) return undefined;
    throw error;
  }
}

/** AWS's text for what is no ARN of the kind wanted. */
function invalidArn(problem: string): EngineError {
  return new EngineError("InvalidArn", `Invalid Arn: '${problem}'`, { reason: "INVALID_ARN" });
}

function shown(text: string): string {
  return text.length > 256 ? `${text.slice(0, 253)}...` : text;
}
