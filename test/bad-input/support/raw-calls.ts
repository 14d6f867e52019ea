import { connect, constants, type ClientHttp2Session } from "node:http2";

/** A gRPC message as it stands on the wire: a flag, its length, its bytes. */
export function frame(message: Uint8Array, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

interface RawCall {
  readonly path: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers and trailers of the answer to a gRPC call that no client library would make. */
export async function grpcCall(url: string, call: RawCall): Promise<Record<string, unknown>> {
  const session = connect(url);
  session.on("error", () => undefined);
  try {
    return await grpcCallOn(session, call);
  } finally {
    session.destroy();
  }
}

export function grpcCallOn(
  session: ClientHttp2Session,
  { path, body, headers }: RawCall,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    let seen: Record<string, unknown> = {};
    stream.on("response", (response) => (seen = { ...seen, ...response }));
    stream.on("trailers", (trailers) => (seen = { ...seen, ...trailers }));
    stream.on("error", reject);
    stream.on("close", () => resolve(seen));
    stream.resume();
    stream.end(body);
  });
}
