import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { isArray, type Json, type JsonObject } from "../asl/index.ts";
import { ObjectError } from "./object-store.ts";

const delimiters: { readonly [name: string]: string } = {
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  SPACE: " ",
  TAB: "\t",
};

/** ReaderConfig of CSV: where the names of the columns come from, and what separates them. */
type CsvConfig = Pick<JsonObject, "CSVHeaderLocation" | "CSVHeaders" | "CSVDelimiter">;

/**
 * Rows as objects by the names of their columns; every value is a string. A row that is too short has
 * empty strings, what is too much in it is dropped.
 *
 * @throws ObjectError when two columns have one name.
 */
export async function* csvItems(
  chunks: AsyncIterable<Uint8Array>,
  config: Partial<CsvConfig>,
): AsyncGenerator<Json> {
  const { CSVHeaderLocation, CSVHeaders } = config;
  const rows = Readable.from(chunks).pipe(
    parse({
      bom: true,
      delimiter: delimiterOf(config),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }),
  ) as AsyncIterable<readonly string[]>;
  let headers =
    CSVHeaderLocation === "GIVEN" && isArray(CSVHeaders)
      ? checked(CSVHeaders.map(String))
      : undefined;
  for await (const row of rows) {
    if (headers === undefined) headers = checked(row);
    else yield Object.fromEntries(headers.map((header, at) => [header, row[at] ?? ""]));
  }
}

function delimiterOf({ CSVDelimiter }: Partial<CsvConfig>): string {
  return (typeof CSVDelimiter === "string" ? delimiters[CSVDelimiter] : undefined) ?? ",";
}

function checked(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size < headers.length)
    throw new ObjectError("CSV headers cannot contain duplicates.");
  return headers;
}
