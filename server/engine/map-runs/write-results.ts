/** ASL § ResultWriter: the children's results as objects in a bucket, with a manifest that lists them. */
import { isObject, StatesError, type Json, type WriterArguments } from "../../asl/index.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import type { ChildResult } from "../../store/sql/map-run-children.ts";
import { ObjectError, type ObjectStore } from "../../items/object-store.ts";
import { describeChild } from "./describe-child.ts";
import { transformed } from "./transformed.ts";

/** Bytes of one result file, about; more makes another one. */
const fileBytesMax = 8 * 1024 * 1024;

type Outcome = "SUCCEEDED" | "FAILED" | "PENDING";

/**
 * Writes `<Prefix>/<run>/SUCCEEDED_0.json`, ... and `manifest.json`.
 *
 * @returns the state's result: where the manifest is.
 * @throws StatesError States.ResultWriterFailed
 */
export async function writeResults(
  { objects, run }: { readonly objects: ObjectStore; readonly run: MapRunRecord },
  writer: WriterArguments,
  children: AsyncIterable<ChildResult>,
): Promise<string> {
  const { bucket, prefix } = targetOf(writer.parameters ?? null);
  const folder = `${prefix === "" ? "" : `${prefix.replace(/\/$/, "")}/`}${run.id}`;
  try {
    const files = new ResultFiles(objects, { bucket, folder, config: writer.config });
    for await (const child of children) {
      const outcome = outcomeOf(child);
      // Only results are transformed; what has none is described.
      const texts =
        outcome === "SUCCEEDED" && writer.config["Transformation"] !== undefined
          ? transformed(child, writer)
          : [JSON.stringify(describeChild(child))];
      for (const text of texts) await files.add(outcome, text);
    }
    const key = `${folder}/manifest.json`;
    const written = await files.close();
    const manifest = { DestinationBucket: bucket, MapRunArn: run.arn, ResultFiles: written };
    await objects.put(bucket, key, JSON.stringify(manifest));
    return JSON.stringify({
      MapRunArn: run.arn,
      ResultWriterDetails: { Bucket: bucket, Key: key },
    });
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error;
    throw new StatesError("States.ResultWriterFailed", error.message);
  }
}

function outcomeOf({ status }: ChildResult): Outcome {
  if (status === "SUCCEEDED") return status;
  return status === "RUNNING" ? "PENDING" : "FAILED";
}

function targetOf(parameters: Json): { readonly bucket: string; readonly prefix: string } {
  const { Bucket, Prefix = "" } = isObject(parameters) ? parameters : {};
  if (typeof Bucket === "string" && typeof Prefix === "string")
    return { bucket: Bucket, prefix: Prefix };
  throw new StatesError("States.ResultWriterFailed", "Bucket and Prefix must be strings");
}

interface Target {
  readonly bucket: string;
  readonly folder: string;
  readonly config: WriterArguments["config"];
}

interface Written {
  readonly Key: string;
  readonly Size: number;
}

/** The files of one run, by outcome; each is held in memory until it is full. */
class ResultFiles {
  readonly #objects: ObjectStore;
  readonly #target: Target;
  readonly #pending: Record<Outcome, { texts: string[]; bytes: number }>;
  readonly #written: Record<Outcome, Written[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] };

  constructor(objects: ObjectStore, target: Target) {
    this.#objects = objects;
    this.#target = target;
    const empty = (): { texts: string[]; bytes: number } => ({ texts: [], bytes: 0 });
    this.#pending = { FAILED: empty(), PENDING: empty(), SUCCEEDED: empty() };
  }

  async add(outcome: Outcome, text: string): Promise<void> {
    const file = this.#pending[outcome];
    file.texts.push(text);
    file.bytes += Buffer.byteLength(text) + 1;
    if (file.bytes >= fileBytesMax) await this.#write(outcome);
  }

  /** Writes what is left. @returns all files, as the manifest lists them. */
  async close(): Promise<Record<Outcome, readonly Written[]>> {
    for (const outcome of ["FAILED", "PENDING", "SUCCEEDED"] as const)
      if (this.#pending[outcome].texts.length > 0) await this.#write(outcome);
    return this.#written;
  }

  async #write(outcome: Outcome): Promise<void> {
    const { bucket, folder, config } = this.#target;
    const { texts } = this.#pending[outcome];
    const isLines = config["OutputType"] === "JSONL";
    const body = isLines ? texts.map((text) => `${text}\n`).join("") : `[${texts.join(",")}]`;
    const number = this.#written[outcome].length;
    const Key = `${folder}/${outcome}_${number}.${isLines ? "jsonl" : "json"}`;
    await this.#objects.put(bucket, Key, body);
    this.#written[outcome].push({ Key, Size: Buffer.byteLength(body) });
    this.#pending[outcome] = { texts: [], bytes: 0 };
  }
}
