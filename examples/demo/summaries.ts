import type { ScoredFilm } from "./film.ts";

/** One row of a summary. */
export interface SummaryRow {
  readonly name: string;
  readonly films: number;
  /** Median of gross over budget. */
  readonly medianMultiple: number | null;
  /** Median, US dollars. */
  readonly medianBudget: number | null;
  /** Share of films that earned back their budget, 0 to 1. */
  readonly earnedBack: number | null;
  /** Mean, 0 to 100. */
  readonly meanScore: number | null;
}

/** Films that stand out. */
export interface Extremes {
  readonly bestReturn: readonly Extreme[];
  readonly largestLoss: readonly Extreme[];
  /** Where critics and audience differ most. */
  readonly criticsAgainstAudience: readonly Extreme[];
}

export interface Extreme {
  readonly title: string;
  readonly year: string;
  readonly value: number;
}

/** Least films that a group needs to say something. */
const filmsMin = 5;

export function summarize(
  films: readonly ScoredFilm[],
  groupOf: (film: ScoredFilm) => string | null,
): SummaryRow[] {
  const groups = Map.groupBy(films, (film) => groupOf(film) ?? "(unknown)");
  return [...groups]
    .filter(([, group]) => group.length >= filmsMin)
    .map(([name, group]) => rowOf(name, group));
}

export function findExtremes(films: readonly ScoredFilm[]): Extremes {
  return {
    bestReturn: most(
      films.filter(({ budget }) => budget !== null && budget >= 100_000),
      ({ multiple }) => multiple,
    ),
    largestLoss: most(films, ({ budget, gross }) =>
      budget === null || gross === null ? null : budget - gross,
    ),
    criticsAgainstAudience: most(films, ({ critics, audience }) =>
      critics === null || audience === null ? null : Math.abs(critics - audience),
    ),
  };
}

function rowOf(name: string, films: readonly ScoredFilm[]): SummaryRow {
  const multiples = valuesOf(films, ({ multiple }) => multiple);
  const scores = valuesOf(films, ({ score }) => score);
  return {
    name,
    films: films.length,
    medianMultiple: median(multiples),
    medianBudget: median(valuesOf(films, ({ budget }) => budget)),
    earnedBack:
      multiples.length === 0
        ? null
        : multiples.filter((multiple) => multiple >= 1).length / multiples.length,
    meanScore:
      scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
}

function most(
  films: readonly ScoredFilm[],
  valueOf: (film: ScoredFilm) => number | null,
): Extreme[] {
  return films
    .map((film) => ({
      title: film.title,
      year: film.released?.slice(0, 4) ?? "?",
      value: valueOf(film) ?? -Infinity,
    }))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, 3);
}

function valuesOf(
  films: readonly ScoredFilm[],
  valueOf: (film: ScoredFilm) => number | null,
): number[] {
  return films.map(valueOf).filter((value) => value !== null);
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
