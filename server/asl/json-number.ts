/**
 * Exact decimals. A decimal is a number's value in one canonical text, so that equal numbers have
 * equal texts: sign, digits without zeros at either end, `e`, exponent of the last digit. `1.50`,
 * `15e-1` and `1.5` are all `15e-1`; every zero is `0`.
 */
import type { RawNumber } from "./json.ts";

/** @param text a JSON number, or what `String(number)` gives. */
export function decimalOf(text: string): string {
  const { negative, digits, exponent } = partsOf(text);
  return digits === "" ? "0" : `${negative ? "-" : ""}${digits}e${exponent}`;
}

/** Whether writing `value` gives back the number that `source` says. */
export function isExactDouble(source: string, value: number): boolean {
  return source.length <= 15 && !/[eE]/.test(source)
    ? true
    : Number.isFinite(value) && decimalOf(source) === decimalOf(String(value));
}

/** Below zero, zero or above zero, as for a sort; exact where a double would be too coarse. */
export function compareNumbers(left: number | RawNumber, right: number | RawNumber): number {
  const difference = Math.sign(doubleOf(left) - doubleOf(right));
  if (typeof left === "number" && typeof right === "number") return difference;
  // Doubles that differ keep the order of what they were rounded from; equal or infinite ones say nothing.
  return difference === 0 || Number.isNaN(difference) ? compareExact(left, right) : difference;
}

/** The nearest double. */
export function doubleOf(value: number | RawNumber): number {
  return typeof value === "number" ? value : Number(value.rawJSON);
}

interface Parts {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function partsOf(text: string): Parts {
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^(-?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/.exec(text) ?? [];
  const written = whole + fraction;
  let end = written.length;
  while (end > 0 && written[end - 1] === "0") end -= 1;
  let start = 0;
  while (start < end && written[start] === "0") start += 1;
  return {
    negative: sign === "-",
    digits: written.slice(start, end),
    exponent: Number(power) - fraction.length + (written.length - end),
  };
}

function compareExact(left: number | RawNumber, right: number | RawNumber): number {
  const a = partsOf(typeof left === "number" ? String(left) : left.rawJSON);
  const b = partsOf(typeof right === "number" ? String(right) : right.rawJSON);
  const signs = signOf(a) - signOf(b);
  return signs !== 0 ? Math.sign(signs) : signOf(a) * compareSizes(a, b);
}

function signOf({ negative, digits }: Parts): number {
  return digits === "" ? 0 : negative ? -1 : 1;
}

/** Both above zero. Compares the place of the first digit, then the digits. */
function compareSizes(a: Parts, b: Parts): number {
  const places = a.digits.length + a.exponent - (b.digits.length + b.exponent);
  if (places !== 0) return Math.sign(places);
  const length = Math.max(a.digits.length, b.digits.length);
  const x = a.digits.padEnd(length, "0");
  const y = b.digits.padEnd(length, "0");
  return x < y ? -1 : x > y ? 1 : 0;
}
