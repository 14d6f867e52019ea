import { Client, credentials, Metadata } from "@grpc/grpc-js";
import type { ChannelCredentials, ClientDuplexStream } from "@grpc/grpc-js";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  MessageShape,
} from "@bufbuild/protobuf";
import { addressScheme, registerAddressResolver, splitAddress } from "./address-resolver.ts";
import { sdkVersion } from "./version.ts";

registerAddressResolver();

/** Where the servers are and how to speak to them. */
export interface ChannelOptions {
  /**
   * `host:port`, several of them separated by commas or as an array, with or without `http://`; default
   * `localhost:7300`. Calls go round robin over all servers that answer. `https://` turns TLS on.
   */
  readonly address?: string | readonly string[];
  /** TLS with the system's certificate authorities (`true`), or with these. */
  readonly tls?: boolean | TlsOptions;
  /** Sent with every call, for example `{ authorization: "Bearer ..." }`. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
}

/** PEM texts. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The server's port when an address names none. */
export const defaultAddress = "localhost:7300";

/** One HTTP/2 connection to each server, and calls balanced over them. */
export class Channel {
  readonly #options: ChannelOptions;
  #client: Client;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#client = newClient(options);
  }

  get client(): Client {
    return this.#client;
  }

  /** New connections for what comes next: the present ones lead nowhere, though nobody has closed them. */
  renew(): void {
    const old = this.#client;
    this.#client = newClient(this.#options);
    old.close();
  }

  metadata(): Metadata {
    const metadata = new Metadata();
    const { headers } = this.#options;
    const given = typeof headers === "function" ? headers() : headers;
    for (const [name, value] of Object.entries(given ?? {})) metadata.set(name, value);
    return metadata;
  }

  /** A stream in both directions; its errors are grpc-js's. */
  duplex<I extends DescMessage, O extends DescMessage>(
    method: DescMethodBiDiStreaming<I, O>,
  ): ClientDuplexStream<MessageShape<I>, MessageShape<O>> {
    const { path, serialize, deserialize } = codecOf<I, O>(method);
    return this.client.makeBidiStreamRequest(path, serialize, deserialize, this.metadata());
  }

  close(): void {
    this.client.close();
  }
}

function newClient(options: ChannelOptions): Client {
  const { targets, isSecure } = parseAddresses(options.address ?? defaultAddress);
  return new Client(
    `${addressScheme}:${targets.join(",")}`,
    channelCredentials(options.tls ?? isSecure),
    {
      "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
      "grpc.primary_user_agent": `pawl-sdk-typescript/${sdkVersion}`,
      "grpc.keepalive_time_ms": 30_000,
      "grpc.keepalive_timeout_ms": 10_000,
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 5_000,
      "grpc.max_receive_message_length": 16 * 1024 * 1024,
      "grpc-node.flow_control_window": 4 * 1024 * 1024,
      "grpc.use_local_subchannel_pool": 1,
      // retry.ts retries what may be repeated; this saves a layer on every message of a stream
      "grpc.enable_retries": 0,
    },
  );
}

/** How a method's messages become bytes. */
export interface Codec<I extends DescMessage, O extends DescMessage> {
  readonly path: string;
  readonly serialize: (message: MessageShape<I>) => Buffer;
  readonly deserialize: (bytes: Buffer) => MessageShape<O>;
}

const codecs = new WeakMap<DescMethod, unknown>();

/** The codec of a method, made once. */
export function codecOf<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
): Codec<I, O> {
  let codec = codecs.get(method) as Codec<I, O> | undefined;
  if (codec === undefined) {
    codec = {
      path: `/${method.parent.typeName}/${method.name}`,
      serialize: (message) => {
        const bytes = toBinary(method.input, message);
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      },
      deserialize: (bytes) => fromBinary(method.output, bytes),
    };
    codecs.set(method, codec);
  }
  return codec;
}

/** @throws TypeError for an address that is not host:port, or when http:// and https:// are mixed */
export function parseAddresses(address: string | readonly string[]): {
  targets: string[];
  isSecure: boolean;
} {
  const texts = (typeof address === "string" ? address.split(",") : [...address]).map((text) =>
    text.trim(),
  );
  if (texts.length === 0) throw new TypeError("address is an empty list");
  const secure = texts.filter((text) => text.startsWith("https://")).length;
  if (secure > 0 && secure < texts.length)
    throw new TypeError(`addresses mix https:// and others: ${texts.join(", ")}`);
  const targets = texts.map((text) => targetOf(text));
  return { targets, isSecure: secure > 0 };
}

function targetOf(text: string): string {
  const match = /^(https?):\/\/([^/?#]+)\/?$/.exec(text);
  const hostPort = match?.[2] ?? text;
  const target =
    match !== null && !/:\d+$/.test(hostPort)
      ? `${hostPort}:${match[1] === "https" ? 443 : 80}`
      : hostPort;
  splitAddress(target);
  return target;
}

function channelCredentials(tls: boolean | TlsOptions): ChannelCredentials {
  if (tls === false) return credentials.createInsecure();
  if (tls === true) return credentials.createSsl();
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert));
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}
