import type { StateMachineRoute } from "@pawl/sdk";
import { InvalidArgumentError } from "commander";

/** A TCP port, 0 for any free one. */
export function portOf(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

/** How many rows a list shows. */
export function countOf(text: string): number {
  return wholeNumber(text, 1, 100_000);
}

/** Where a count stops. */
export function countLimitOf(text: string): number {
  return wholeNumber(text, 1, 1_000_000);
}

/** The number of a version. */
export function versionOf(text: string): number {
  return wholeNumber(text, 1, 999_999_999);
}

/** Collects the routes of an alias: `7`, or `7=90` and `8=10`. */
export function routesOf(
  text: string,
  before: readonly StateMachineRoute[] | undefined,
): readonly StateMachineRoute[] {
  const [version = "", percent = "100", more] = text.split("=");
  if (more !== undefined) throw new InvalidArgumentError("a route is VERSION or VERSION=PERCENT");
  const route = { version: versionOf(version), weight: wholeNumber(percent, 0, 100) };
  return [...(before ?? []), route];
}

/** How often something has happened. */
export function timesOf(text: string): number {
  return wholeNumber(text, 0, 2_147_483_647);
}

/** A limit; 0 stands for none, or for nothing. */
export function limitOf(text: string): number {
  return wholeNumber(text, 0, 2_147_483_647);
}

export function percentageOf(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError("it must be a number from 0 to 100");
}

/** How a list of so many items is fetched: in the largest pages there are. */
export function pagesFor(limit: number): { readonly limit: number; readonly pageSize: number } {
  return { limit, pageSize: Math.min(limit, 1000) };
}

/** A span of time, `90`, `90s`, `1500ms`, `5m`, `2h` or `30d`, in milliseconds. */
export function spanOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  const [, number, unit = "s"] = match ?? [];
  if (number === undefined)
    throw new InvalidArgumentError("a time is a number with ms, s, m, h or d, for example 90s");
  return Number(number) * (milliseconds[unit] ?? 1000);
}

/** How long to keep: a span, or `forever` (0), in seconds. */
export function retentionOf(text: string): number {
  return text === "forever" ? 0 : spanOf(text) / 1_000;
}

/** Collects a repeated option. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Collects `key=value` pairs. */
export function labelsOf(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("a label is key=value");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function wholeNumber(text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`it must be a whole number from ${min} to ${max}`);
}
