import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAwsHandler } from "../../server/api/aws/router.ts";
import { readConfig, type Config } from "../../server/config.ts";
import type { Engine } from "../../server/engine/engine.ts";
import { Draining } from "../../server/api/call-context.ts";
import { silentLog, type Log } from "../../server/observe/log.ts";

/** An answer of the AWS door, as it came over the socket. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** The AWS door on a loopback socket, before an engine of the test's choice. */
export class TestAwsDoor {
  readonly endpoint: string;
  readonly draining: Draining;
  readonly #server: Server;

  private constructor(server: Server, draining: Draining) {
    this.#server = server;
    this.draining = draining;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(
    engine: Engine,
    log: Log = silentLog,
    settings: Partial<Config> = {},
  ): Promise<TestAwsDoor> {
    const draining = new Draining();
    const config = { ...testConfig, ...settings };
    const handle = createAwsHandler({ engine, config, log, draining });
    const server = createServer((request, response) => void handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TestAwsDoor(server, draining);
  }

  /** Calls an operation. A text body goes out as it is. */
  async call(
    operation: string,
    body: object | string = {},
    init: RequestInit = {},
  ): Promise<AwsAnswer> {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `AWSStepFunctions.${operation}`,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...init,
    });
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(await response.text()),
    };
  }

  /** `Type: message` of a refusal. */
  async refusal(operation: string, body: object | string = {}): Promise<string> {
    const answer = await this.call(operation, body);
    return `${String(answer.body["__type"])}: ${String(answer.body["message"])}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The settings a server has when nobody sets any. */
export const testConfig: Config = readConfig({}, {});
