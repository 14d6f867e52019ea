/**
 * PostgreSQL arrays in their binary wire form: what a column of many rows is sent as. No quoting here
 * and no parsing there: payloads are JSON full of quotes, and went through three escapings as JSON in
 * JSON (docs/performance.md has the figures).
 */
export type Cell = string | number | boolean | null | undefined;

/** Element types by the name used in a cast, with PostgreSQL's object ids (catalogue pg_type). */
const oids = { bool: 16, int4: 23, text: 25, float8: 701, uuid: 2950 } as const;

export type ElementType = keyof typeof oids;

const headerBytes = 20;
const lengthBytes = 4;

/** One-dimensional array of `values`; null and undefined are NULL. */
export function binaryArray(type: ElementType, values: readonly Cell[]): Buffer {
  const { size, write } = codecs[type];
  let bytes = headerBytes;
  let hasNull = 0;
  for (const value of values) {
    bytes += lengthBytes;
    if (value === null || value === undefined) hasNull = 1;
    else bytes += size(value);
  }
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(hasNull, 4);
  buffer.writeInt32BE(oids[type], 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16); // lower bound
  let at = headerBytes;
  for (const value of values) {
    const isNull = value === null || value === undefined;
    const written = isNull ? 0 : write(buffer, value, at + lengthBytes);
    buffer.writeInt32BE(isNull ? -1 : written, at);
    at += lengthBytes + written;
  }
  return buffer;
}

interface Codec {
  readonly size: (value: string | number | boolean) => number;
  /** @returns the bytes written. */
  readonly write: (buffer: Buffer, value: string | number | boolean, at: number) => number;
}

const codecs: Readonly<Record<ElementType, Codec>> = {
  bool: {
    size: () => 1,
    write: (buffer, value, at) => buffer.writeUInt8(value === true ? 1 : 0, at) - at,
  },
  int4: {
    size: () => 4,
    write: (buffer, value, at) => buffer.writeInt32BE(value as number, at) - at,
  },
  float8: {
    size: () => 8,
    write: (buffer, value, at) => buffer.writeDoubleBE(value as number, at) - at,
  },
  text: {
    size: (value) => Buffer.byteLength(value as string),
    write: (buffer, value, at) => buffer.write(value as string, at),
  },
  uuid: {
    size: () => 16,
    write: (buffer, value, at) => buffer.write((value as string).replaceAll("-", ""), at, "hex"),
  },
};
