/**
 * What must be known of a JSON text before it is parsed: how deep it is, and whether it has numbers that
 * `JSON.parse` would change. One pass, about 1 ns a character outside strings; strings are jumped over.
 */
import { isExactDouble } from "./json-number.ts";

export interface Survey {
  /** Index of the first bracket that is too deep. */
  readonly tooDeepAt: number | undefined;
  /** A number beyond a double's precision or range, or a negative zero. */
  readonly hasInexactNumber: boolean;
}

const [quote, minus, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x2d, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** @param text need not be JSON; then the survey means nothing, but is still linear. */
export function surveyJson(text: string, depthMax = Number.POSITIVE_INFINITY): Survey {
  let depth = 0;
  let hasInexactNumber = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      at = endOfString(text, at);
    } else if (unit === minus || isDigit(unit)) {
      const end = endOfNumber(text, at + 1);
      hasInexactNumber ||= isInexact(text, at, end);
      at = end - 1;
    } else if (unit === openBracket || unit === openBrace) {
      depth += 1;
      if (depth > depthMax) return { tooDeepAt: at, hasInexactNumber };
    } else if (unit === closeBracket || unit === closeBrace) {
      depth -= 1;
    }
  }
  return { tooDeepAt: undefined, hasInexactNumber };
}

/** Index of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const end = text.indexOf('"', from);
    if (end === -1) return text.length;
    let before = end;
    while (text.charCodeAt(before - 1) === 0x5c) before -= 1;
    if ((end - before) % 2 === 0) return end;
    from = end + 1;
  }
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Digits, `.`, `e`, `E`, `+`, `-`.
    const isPart =
      isDigit(unit) ||
      unit === 0x2e ||
      unit === 0x65 ||
      unit === 0x45 ||
      unit === 0x2b ||
      unit === minus;
    if (!isPart) break;
  }
  return at;
}

/** Short numbers without an exponent are exact; so is what a double writes itself. */
function isInexact(text: string, start: number, end: number): boolean {
  const isNegativeZero = text.charCodeAt(start) === minus && text.charCodeAt(start + 1) === 0x30;
  if (end - start <= 15 && !isNegativeZero && !hasExponent(text, start, end)) return false;
  const source = text.slice(start, end);
  const value = Number(source);
  return !(String(value) === source || (isExactDouble(source, value) && !Object.is(value, -0)));
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((text.charCodeAt(at) | 0x20) === 0x65) return true;
  return false;
}
