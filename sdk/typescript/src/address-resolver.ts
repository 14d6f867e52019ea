import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { experimental, Metadata, status } from "@grpc/grpc-js";

/** The target scheme of this resolver. */
export const addressScheme = "pawl";

/** A server address. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const resolveIntervalMs = 1_000;

/** Registers the resolver with grpc-js; once is enough. */
export function registerAddressResolver(): void {
  experimental.registerResolver(addressScheme, AddressResolver);
}

/**
 * Resolves a list of host names and IP addresses, `host:port,host:port`.
 *
 * grpc-js's own schemes take one name or many IP addresses, not many names. Each address a name leads to
 * is an endpoint of its own, so that round_robin spreads over all servers behind one name; `localhost` is
 * one endpoint, whose IPv4 and IPv6 addresses are alternatives.
 */
class AddressResolver implements experimental.Resolver {
  readonly #addresses: readonly HostPort[];
  readonly #listener: experimental.ResolverListener;
  #timer: NodeJS.Timeout | undefined;
  #resolvedAt = -Infinity;
  #isResolving = false;
  #generation = 0;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    this.#addresses = target.path.split(",").map(splitAddress);
    this.#listener = listener;
  }

  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path.split(",")[0] ?? target.path;
  }

  /** Balancers ask again at every failure: names are looked up at most once a second, IP addresses once. */
  updateResolution(): void {
    if (this.#isResolving) return;
    const isFirst = this.#resolvedAt === -Infinity;
    if (!isFirst && this.#addresses.every(({ host }) => isIP(host) !== 0)) return;
    this.#isResolving = true;
    const waitMs = Math.max(0, this.#resolvedAt + resolveIntervalMs - performance.now());
    this.#timer = setTimeout(() => void this.#report(), waitMs);
    if (!isFirst) this.#timer.unref();
  }

  destroy(): void {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#isResolving = false;
    this.#resolvedAt = -Infinity;
  }

  async #report(): Promise<void> {
    const generation = this.#generation;
    const result = await this.#resolve();
    if (generation !== this.#generation) return;
    this.#isResolving = false;
    this.#resolvedAt = performance.now();
    this.#listener(result, {}, null, "");
  }

  async #resolve(): Promise<experimental.StatusOr<experimental.Endpoint[]>> {
    const results = await Promise.allSettled(this.#addresses.map(endpointsOf));
    const endpoints = results.flatMap((result) =>
      result.status === "fulfilled" ? result.value : [],
    );
    if (endpoints.length > 0) return experimental.statusOrFromValue(endpoints);
    const names = this.#addresses.map(({ host }) => host).join(", ");
    return experimental.statusOrFromError({
      code: status.UNAVAILABLE,
      details: `no address found for ${names}`,
      metadata: new Metadata(),
    });
  }
}

async function endpointsOf({ host, port }: HostPort): Promise<experimental.Endpoint[]> {
  if (isIP(host) !== 0) return [{ addresses: [{ host, port }] }];
  const found = await lookup(host, { all: true });
  const addresses = found.map(({ address }) => ({ host: address, port }));
  return host === "localhost"
    ? [{ addresses }]
    : addresses.map((address) => ({ addresses: [address] }));
}

/** @throws TypeError unless it is `host:port`, IPv6 hosts in brackets */
export function splitAddress(address: string): HostPort {
  const parts = experimental.splitHostPort(address);
  if (parts === null || parts.port === undefined || parts.host === "") {
    throw new TypeError(`address ${JSON.stringify(address)} is not host:port`);
  }
  return { host: parts.host, port: parts.port };
}
