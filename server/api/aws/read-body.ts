import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error.ts";
import { isRecord, type JsonRecord } from "./shape.ts";

/** Larger than any request that the limits on its fields allow. */
const bodyBytesMax = 4 * 1_024 * 1_024;

/** How much of a longer body is read and dropped, so that its sender gets to read the refusal. */
const discardedBytesMax = 4 * bodyBytesMax;

/**
 * The request's body, bounded.
 * @throws AwsError RequestEntityTooLargeException
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > discardedBytesMax) break;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes <= bodyBytesMax) return Buffer.concat(chunks, bytes);
  const message = `the request body is larger than ${bodyBytesMax} bytes`;
  throw new AwsError("RequestEntityTooLargeException", message, { httpStatus: 413 });
}

/**
 * The JSON object that a body is; an empty body is an empty object.
 * @throws AwsError SerializationException
 */
export function parseBody(bytes: Buffer, encoding = "identity"): JsonRecord {
  if (encoding !== "identity") {
    const message = `content-encoding ${encoding.slice(0, 64)} is not supported`;
    throw new AwsError("SerializationException", message);
  }
  const text = decode(bytes);
  if (text.trim() === "") return {};
  const body = parse(text);
  if (!isRecord(body)) {
    throw new AwsError("SerializationException", "the request body must be a JSON object");
  }
  return body;
}

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
