import { PassThrough, Readable } from "node:stream";
import { Io } from "../../../server/cli/io.ts";

/** An Io that remembers what was written and reads what it is given. */
export function capturedIo(options: { stdin?: string; isTTY?: boolean } = {}): {
  io: Io;
  stdout: () => string;
  stderr: () => string;
} {
  const { isTTY = false } = options;
  const out = capture(isTTY);
  const err = capture(isTTY);
  const stdin = Object.assign(Readable.from(options.stdin === undefined ? [] : [options.stdin]), {
    isTTY: false,
  });
  return {
    io: new Io({ stdin, stdout: out.stream, stderr: err.stream }),
    stdout: out.text,
    stderr: err.text,
  };
}

function capture(isTTY: boolean): {
  stream: NodeJS.WritableStream & { isTTY: boolean; columns: number };
  text: () => string;
} {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
  return { stream, text: () => chunks.join("") };
}
