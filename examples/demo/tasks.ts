import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TaskError } from "@pawl/sdk";
import type { TaskContext, Worker } from "@pawl/sdk";
import { checkFilms, hasTitle, repairDate, scoreFilm } from "./film.ts";
import type { Checked, RawFilm, ScoredFilm } from "./film.ts";
import { findExtremes, summarize } from "./summaries.ts";
import type { Extremes, SummaryRow } from "./summaries.ts";

/** The execution's input. */
export interface Job {
  /** The data set, a JSON array. */
  readonly file: string;
  /** Where chunks and the report go. */
  readonly folder: string;
  readonly chunkSize: number;
}

interface Chunk {
  readonly index: number;
  readonly offset: number;
  readonly count: number;
}

interface ChunkWork extends Pick<Job, "file" | "folder"> {
  readonly chunk: Chunk;
  readonly records: readonly RawFilm[];
  readonly checked: Checked;
}

/** What is kept of a chunk: its file, and what was found. */
export interface Stored {
  readonly file: string;
  readonly films: number;
  readonly repairedDates: number;
  readonly numericTitles: number;
  readonly unknownGross: number;
  readonly unscored: number;
}

/** What the report is made of. */
export interface Summary {
  readonly genres: readonly SummaryRow[];
  readonly decades: readonly SummaryRow[];
  readonly ratings: readonly SummaryRow[];
  readonly extremes: Extremes;
}

/** The execution's output, and the report's file. */
export interface Report {
  readonly file: string;
  readonly records: number;
  readonly films: number;
  readonly rejected: number;
  readonly repairedDates: number;
  readonly numericTitles: number;
  readonly unknownGross: number;
  readonly unscored: number;
  readonly summary: Summary;
}

interface Gathered extends Job {
  readonly ingest: { readonly records: number };
  readonly stored: readonly Stored[];
  readonly summary: Summary;
}

/** The tasks of movies.yaml. */
export function registerTasks(worker: Worker): void {
  worker.task("movies:ingest", ingest);
  worker.task("movies:load", load);
  worker.task("movies:validate", ({ records }: ChunkWork) => checkFilms(records));
  worker.task("movies:quarantine", quarantine);
  worker.task("movies:repair-dates", (checked: Checked) => ({
    ...checked,
    films: checked.films.map(repairDate),
  }));
  worker.task("movies:enrich", { concurrency: 4 }, enrich);
  worker.task("movies:enrich-without-scores", ({ checked }: ChunkWork) => scored(checked, false));
  worker.task("movies:store", store);
  worker.task(
    "movies:by-genre",
    summaryTask((film) => film.genre),
  );
  worker.task(
    "movies:by-decade",
    summaryTask((film) => (film.released === null ? null : `${film.released.slice(0, 3)}0s`)),
  );
  worker.task(
    "movies:by-rating",
    summaryTask((film) => film.rating),
  );
  worker.task("movies:extremes", async ({ stored }: Gathered) =>
    findExtremes(await readAll(stored)),
  );
  worker.task("movies:report", report);
}

async function ingest({ file, chunkSize }: Job): Promise<{ records: number; chunks: Chunk[] }> {
  const records = (await readRecords(file)).length;
  const chunks = Array.from({ length: Math.ceil(records / chunkSize) }, (_, index) => ({
    index,
    offset: index * chunkSize,
    count: Math.min(chunkSize, records - index * chunkSize),
  }));
  return { records, chunks };
}

async function load({ file, chunk: { offset, count } }: ChunkWork): Promise<readonly RawFilm[]> {
  return (await readRecords(file)).slice(offset, offset + count);
}

/** Puts records without a title aside. @returns the others */
async function quarantine({ chunk, folder, records }: ChunkWork): Promise<readonly RawFilm[]> {
  const rejected = records.filter((record) => !hasTitle(record));
  await writeJson(folder, `rejected-${chunk.index}.json`, rejected);
  return records.filter(hasTitle);
}

/**
 * Asks a service for scores. The service is made up, its faults are not random: every seventh chunk
 * meets it busy once, one chunk always.
 */
async function enrich(
  { chunk, checked }: ChunkWork,
  ctx: TaskContext,
): Promise<Checked<ScoredFilm>> {
  const isAlwaysBusy = chunk.index === 23;
  if (isAlwaysBusy || (chunk.index % 7 === 3 && ctx.attempt === 1)) {
    throw new TaskError("Scores.Busy", `chunk ${chunk.index}, attempt ${ctx.attempt}`);
  }
  ctx.heartbeat({ films: checked.films.length }, 0.5);
  await new Promise((resolve) => setTimeout(resolve, 40));
  return scored(checked, true);
}

function scored(checked: Checked, hasScores: boolean): Checked<ScoredFilm> {
  const films = checked.films.map((film) => scoreFilm(film, hasScores));
  return { ...checked, films, unscored: hasScores ? 0 : films.length };
}

async function store({ chunk, folder, checked }: ChunkWork): Promise<Stored> {
  const { films, suspectDates, numericTitles, unknownGross, unscored } = checked;
  const file = await writeJson(folder, `chunk-${chunk.index}.json`, films);
  return {
    file,
    films: films.length,
    repairedDates: suspectDates,
    numericTitles,
    unknownGross,
    unscored,
  };
}

function summaryTask(groupOf: (film: ScoredFilm) => string | null) {
  return async ({ stored }: Gathered): Promise<SummaryRow[]> =>
    summarize(await readAll(stored), groupOf);
}

async function report({ folder, ingest: { records }, stored, summary }: Gathered): Promise<Report> {
  const total = (key: Exclude<keyof Stored, "file">): number =>
    stored.reduce((sum, chunk) => sum + chunk[key], 0);
  const films = total("films");
  const result = {
    records,
    films,
    rejected: records - films,
    repairedDates: total("repairedDates"),
    numericTitles: total("numericTitles"),
    unknownGross: total("unknownGross"),
    unscored: total("unscored"),
    summary,
  };
  return { file: await writeJson(folder, "report.json", result), ...result };
}

async function readAll(stored: readonly Stored[]): Promise<ScoredFilm[]> {
  const chunks = await Promise.all(stored.map(({ file }) => readFile(file, "utf8")));
  return chunks.flatMap((text) => JSON.parse(text) as ScoredFilm[]);
}

/** A worker reads the file once. */
async function readRecords(file: string): Promise<readonly RawFilm[]> {
  let reading = files.get(file);
  if (reading === undefined) {
    reading = readFile(file, "utf8").then((text) => JSON.parse(text) as RawFilm[]);
    files.set(file, reading);
  }
  return reading;
}

const files = new Map<string, Promise<readonly RawFilm[]>>();

async function writeJson(folder: string, name: string, value: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, `${JSON.stringify(value, null, 1)}\n`);
  return file;
}
