import { EngineError } from "./errors.ts";

/** Characters (UTF-16 units) that a name of a state machine, an execution or an activity may have. */
export const nameCharactersMax = 80;

/**
 * Checks a name against AWS's rule: 1 to 80 characters; no white space, no brackets, no wildcards,
 * none of `"#%\^|~`$&,;:/`, no control characters, nothing that can not be written in UTF-8, and no
 * invisible character that makes one name look like another.
 *
 * @param field the request's field, for the violation.
 * @throws EngineError InvalidName, reason NAME_INVALID
 */
export function checkName(name: string, field = "name"): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw invalidName(name, field, problem);
}

/**
 * Alias names are stricter: letters, digits, `_`, `-` and `.`, and not digits alone, which would name a version.
 * @throws EngineError InvalidName, reason NAME_INVALID
 */
export function checkAliasName(name: string, field = "name"): void {
  const problem =
    nameProblem(name) ??
    (aliasPattern.test(name)
      ? undefined
      : "has other characters than letters, digits, _, - and ., or digits only");
  if (problem !== undefined) throw invalidName(name, field, problem);
}

/** In AWS's spelling, which its messages show. */
export const aliasPattern = new RegExp(String.raw`^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`);

function invalidName(name: string, field: string, problem: string): EngineError {
  return new EngineError("InvalidName", `Invalid Name: '${shown(name)}'`, {
    reason: "NAME_INVALID",
    metadata: { field, problem },
    violations: [{ field, description: problem, reason: "NAME_INVALID" }],
  });
}

/** What is wrong with a name, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "is empty; a name has 1 to 80 characters";
  if (name.length > nameCharactersMax)
    return `has ${name.length} characters; the limit is ${nameCharactersMax}`;
  const found = forbidden.exec(name);
  if (found === null) return undefined;
  const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return `has the character U+${code} at position ${found.index + 1}, which names may not have`;
}

// Cs: lone surrogates. Cf: invisible format characters, among them the bidirectional overrides.
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\p{Cs}\p{Cf}]/u;

function shown(name: string): string {
  return name.length > nameCharactersMax ? `${name.slice(0, 64)}...` : name;
}
