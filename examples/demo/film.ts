import { TaskError } from "@pawl/sdk";

/** A record as the data set has it. */
export type RawFilm = Readonly<Record<string, unknown>>;

/** A record after the checks; absent values are null. */
export interface Film {
  readonly title: string;
  /** ISO date. */
  readonly released: string | null;
  readonly genre: string | null;
  readonly rating: string | null;
  /** US dollars. */
  readonly budget: number | null;
  /** Worldwide, US dollars. */
  readonly gross: number | null;
  /** 0 to 100. */
  readonly critics: number | null;
  /** 0 to 100. */
  readonly audience: number | null;
  readonly isDateSuspect: boolean;
}

/** A film with what the summaries need. */
export interface ScoredFilm extends Film {
  /** Gross over budget. */
  readonly multiple: number | null;
  /** Mean of critics and audience. */
  readonly score: number | null;
}

/** What a check found in one chunk. */
export interface Checked<Item = Film> {
  readonly films: readonly Item[];
  readonly suspectDates: number;
  readonly numericTitles: number;
  readonly unknownGross: number;
  readonly unscored: number;
}

/** The newest film of the data set is of 2011: a later date is a two-digit year read wrongly. */
const newestYear = 2011;

/** @throws TaskError Movies.NoTitle: a film without a title is of no use to anyone */
export function checkFilms(records: readonly RawFilm[]): Checked {
  const untitled = records.filter((record) => !hasTitle(record)).length;
  if (untitled > 0) {
    throw new TaskError("Movies.NoTitle", { untitled, of: records.length }, { nonRetryable: true });
  }
  const films = records.map(filmOf);
  return {
    films,
    suspectDates: films.filter(({ isDateSuspect }) => isDateSuspect).length,
    numericTitles: records.filter(({ Title }) => typeof Title === "number").length,
    unknownGross: films.filter(({ gross }) => gross === null).length,
    unscored: 0,
  };
}

export function hasTitle(record: RawFilm): boolean {
  return typeof record["Title"] === "string" || typeof record["Title"] === "number";
}

/** "Dec 31 2046" is of 1946. */
export function repairDate(film: Film): Film {
  if (!film.isDateSuspect || film.released === null) return film;
  const year = Number(film.released.slice(0, 4)) - 100;
  return { ...film, released: `${year}${film.released.slice(4)}`, isDateSuspect: false };
}

/** @param hasScores false: leave the scores out, because no service gave them */
export function scoreFilm(film: Film, hasScores: boolean): ScoredFilm {
  const { budget, gross, critics, audience } = film;
  const scores = [critics, audience].filter((score) => score !== null);
  return {
    ...film,
    multiple: budget === null || gross === null ? null : rounded(gross / budget, 2),
    score:
      !hasScores || scores.length === 0
        ? null
        : rounded(scores.reduce((sum, score) => sum + score, 0) / scores.length, 1),
  };
}

function filmOf(record: RawFilm): Film {
  const released = dateOf(record["Release Date"]);
  const imdb = numberOf(record["IMDB Rating"]);
  return {
    title: String(record["Title"]),
    released,
    genre: textOf(record["Major Genre"]),
    rating: textOf(record["MPAA Rating"]),
    budget: positiveOf(record["Production Budget"]),
    gross: positiveOf(record["Worldwide Gross"]),
    critics: numberOf(record["Rotten Tomatoes Rating"]),
    audience: imdb === null ? null : rounded(imdb * 10, 0),
    isDateSuspect: released !== null && Number(released.slice(0, 4)) > newestYear,
  };
}

/** "Jun 12 1998", in whatever time zone this runs. */
function dateOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const time = Date.parse(`${value} UTC`);
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A gross of 0 says that nobody knows it. */
function positiveOf(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number <= 0 ? null : number;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
