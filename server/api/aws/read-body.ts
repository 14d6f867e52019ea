import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";
import { isRecord, type JsonRecord } from "./shape.ts";

/** Larger than any request that the limits on its fields allow. */
export const bodyBytesMax = 4 * 1_024 * 1_024;

/**
 * The request's JSON object; an empty body is an empty object.
 * @throws AwsError RequestEntityTooLargeException, SerializationException
 */
export async function readBody(request: IncomingMessage): Promise<JsonRecord> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new AwsError(
      "SerializationException",
      `content-encoding ${encoding.slice(0, 64)} is not supported`,
    );
  }
  const text = decode(await readBytes(request));
  if (text.trim() === "") return {};
  const body = parse(text);
  if (!isRecord(body))
    throw new AwsError("SerializationException", "the request body must be a JSON object");
  return body;
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

const tooLarge = () =>
  new AwsError(
    "RequestEntityTooLargeException",
    `the request body is larger than ${bodyBytesMax} bytes`,
    413,
  );

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AwsError("SerializationException", "the request body is not UTF-8");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError("SerializationException", "the request body is not JSON");
  }
}
