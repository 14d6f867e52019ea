import { BatchClient } from "./batch-client.ts";
import { Channel } from "./channel.ts";
import type { ChannelOptions } from "./channel.ts";
import type { ClientBaseOptions } from "./client-base.ts";
import { GrpcTransport } from "./grpc-transport.ts";
import type { StartExecution } from "./start-execution.ts";
import { startExecutions } from "./start-executions.ts";
import type { StartOutcome } from "./start-executions.ts";
import { Starter } from "./starter.ts";
import type { StarterOptions } from "./starter.ts";

/** Where the servers are, and how calls behave. */
export type ClientOptions = ChannelOptions & ClientBaseOptions;

/**
 * A client of Pawl over gRPC.
 *
 * ```ts
 * const client = new Client({ address: "localhost:7300" });
 * const execution = await client.runExecution({ stateMachine: "orders", input: { orderId: 7 } });
 * ```
 */
export class Client extends BatchClient {
  readonly #channel: Channel;

  constructor(options: ClientOptions = {}) {
    const channel = new Channel(options);
    super(new GrpcTransport(channel), options);
    this.#channel = channel;
  }

  /** Many starts over one stream, with their results: for service-to-service load. Close it after use. */
  starter(options: StarterOptions = {}): Starter {
    return new Starter(this.#channel, options);
  }

  /** Pipelined starts, requests in and outcomes out, at most `maxInFlight` (default 1,000) at a time. */
  async *startExecutions(
    requests: AsyncIterable<StartExecution> | Iterable<StartExecution>,
    options: StarterOptions = {},
  ): AsyncGenerator<StartOutcome, void, undefined> {
    const starter = this.starter({ follow: false, ...options });
    try {
      yield* startExecutions(starter, requests, options.maxInFlight ?? 1_000);
      if (options.follow === true) await starter.close();
    } finally {
      starter.abort();
    }
  }
}
