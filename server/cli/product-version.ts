import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version in our package.json, from the sources as well as from the built package. */
export function productVersion(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) return "unknown";
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version?: string };
  return version ?? "unknown";
}
