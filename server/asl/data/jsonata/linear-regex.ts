/** The regular expressions of JSONata, run by an engine that takes time linear in the text. */
import { RE2JS } from "re2js";

/** What is kept per compiled literal: the pattern object that the parser made names it. */
const compiled = new WeakMap<RegExp, RE2JS>();

/**
 * JSONata's `RegexEngine`: the part of `RegExp` that its evaluator uses.
 *
 * No back references and no look-around: they can not be matched in linear time.
 */
export class LinearRegex {
  lastIndex = 0;
  readonly #pattern: RE2JS;
  #matcher: ReturnType<RE2JS["matcher"]> | undefined;
  #text: string | undefined;

  /** @throws Error for a pattern beyond RE2's syntax. */
  constructor(literal: RegExp) {
    this.#pattern = patternOf(literal);
  }

  /** The next match at or after `lastIndex`, in the form `RegExp.exec` gives. */
  exec(text: string): (string[] & { index: number }) | null {
    if (this.#matcher === undefined || this.#text !== text) {
      this.#matcher = this.#pattern.matcher(text);
      this.#text = text;
    }
    const matcher = this.#matcher;
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const found = [text.slice(matcher.start(), matcher.end())];
    for (let group = 1; group <= matcher.groupCount(); group += 1)
      found.push(matcher.group(group) ?? (undefined as unknown as string));
    this.lastIndex = matcher.end();
    return Object.assign(found, { index: matcher.start() });
  }
}

/** Why the pattern can not be run; `undefined` when it can. */
export function patternProblem(literal: RegExp): string | undefined {
  try {
    patternOf(literal);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "the regular expression is not supported";
  }
}

function patternOf(literal: RegExp): RE2JS {
  const known = compiled.get(literal);
  if (known !== undefined) return known;
  let flags = 0;
  if (literal.ignoreCase) flags |= RE2JS.CASE_INSENSITIVE;
  if (literal.multiline) flags |= RE2JS.MULTILINE;
  const pattern = RE2JS.compile(RE2JS.translateRegExp(literal.source), flags);
  compiled.set(literal, pattern);
  return pattern;
}
