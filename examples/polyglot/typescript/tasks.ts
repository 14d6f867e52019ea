import { checkPrimeSync, hash } from "node:crypto";
import { TaskError } from "@pawl/sdk";
import type { TaskContext } from "@pawl/sdk";

/** What the execution is given. */
interface Quotation {
  readonly author: string;
  /** ISO date. */
  readonly born: string;
  readonly text: string;
}

/** What the language says of itself: `Go 1.26.1`. */
interface Signed {
  readonly by: string;
}

interface Words extends Signed {
  readonly words: number;
  readonly distinct: number;
  readonly longest: string;
  readonly meanLength: number;
  readonly mostCommon: readonly (readonly [word: string, times: number])[];
}

interface Seal extends Signed {
  readonly number: number;
  readonly hash: string;
}

interface Prime extends Signed {
  /** Decimal. */
  readonly prime: string;
  readonly bits: number;
  /** From the hash to the prime. */
  readonly distance: number;
}

interface Calendar extends Signed {
  readonly dates: readonly string[];
}

interface Findings {
  readonly words: Words;
  readonly seal: Seal;
  readonly prime: Prime;
  readonly calendar: Calendar;
}

/** What the execution puts out. */
export interface Page {
  readonly lines: readonly string[];
}

const by = `TypeScript (Node.js ${process.versions.node})`;

// What TypeScript does itself: the date, with the calendars of the world that Intl knows, and the page.

export function calendar({ born }: Quotation): Calendar {
  const format = (locale: string): string =>
    new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(new Date(born));
  return { dates: ["en-GB", "fr", "tr", "ja"].map(format), by };
}

export function page({ author, found }: Quotation & { readonly found: Findings }): Page {
  const common = found.words.mostCommon.map(([word, times]) => `"${word}" ${times} times`);
  const counts = `${found.words.words}, ${found.words.distinct} of them distinct`;
  const { longest, meanLength } = found.words;
  const { bits, distance } = found.prime;
  return {
    lines: [
      line("Author", found.calendar, `${author}, born ${found.calendar.dates.join(" / ")}`),
      line("Words", found.words, `${counts}; ${common.join(", ")}`),
      line("Longest", found.words, `"${longest}"; ${meanLength} letters on average`),
      line(
        "Seal",
        found.seal,
        `${found.seal.number}, with which the SHA-256 is ${start(found.seal.hash)}`,
      ),
      line(
        "Prime",
        found.prime,
        `${start(found.prime.prime)} (${bits} bits), ${distance} after the hash`,
      ),
    ],
  };
}

function line(subject: string, { by: language }: Signed, text: string): string {
  return `${subject.padEnd(9)} ${text} [${language}]`;
}

function start(digits: string): string {
  return `${digits.slice(0, 16)}...`;
}

// What it does for a language that is not installed.

export function words({ text }: Quotation): Words {
  const found = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const times = [...Map.groupBy(found, (word) => word)].map(
    ([word, uses]) => [word, uses.length] as const,
  );
  return {
    words: found.length,
    distinct: times.length,
    longest: found.reduce((longest, word) => (word.length > longest.length ? word : longest), ""),
    meanLength: Math.round((found.join("").length / found.length) * 100) / 100,
    mostCommon: times.toSorted(([, a], [, b]) => b - a).slice(0, 3),
    by,
  };
}

/** Tries few numbers at first, and a hundred times as many when it is tried again. */
export function seal({ text }: Quotation, { attempt }: TaskContext): Seal {
  const limit = attempt > 1 ? 10_000_000 : 100_000;
  for (let number = 0; number < limit; number += 1) {
    const sealed = hash("sha256", `${text}${number}`);
    if (sealed.startsWith("00000")) return { number, hash: sealed, by };
  }
  throw new TaskError("Seal.NotFound", `none among the first ${limit} numbers`);
}

export function prime({ text }: Quotation): Prime {
  const number = BigInt(`0x${hash("sha256", text)}`);
  let distance = 1n;
  while (!checkPrimeSync(number + distance)) distance += 1n;
  const found = number + distance;
  return { prime: `${found}`, bits: found.toString(2).length, distance: Number(distance), by };
}
