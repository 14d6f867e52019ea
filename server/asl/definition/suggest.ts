import type { Findings } from "./findings.ts";

/** "Did you mean": the candidate nearest to a mistyped name, if it is near enough. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.slice(0, 80).toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) >= least) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** For a finding: looked for only while there are few, as it compares with every candidate. */
export function didYouMean(
  name: string,
  candidates: readonly string[],
  findings: Findings,
): { suggestion?: string } {
  if (findings.found.length >= suggestionsMax || candidates.length > candidatesMax) return {};
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? {} : { suggestion: `did you mean ${nearest}?` };
}

const suggestionsMax = 20;
const candidatesMax = 1_000;

/** Letters to add, drop, change or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
