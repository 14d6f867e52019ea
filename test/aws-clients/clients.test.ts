import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { operations } from "../../server/api/aws/operations/index.ts";
import { startRealServer, type RealServer } from "../bad-input/support/real-server.ts";
import { mistakes, steps, type Made } from "./sequence.ts";
import { clients } from "./support/clients.ts";
import { refusalOf, type Answer, type AwsClient } from "./support/aws-client.ts";

const kinds = clients(inject("python"));
const usable = kinds.filter(({ missing }) => !missing);

let pollServer: RealServer;
let pollers: readonly AwsClient[];
/** The server holds them for 55 s, in which the other tests run. */
let polls: Promise<readonly Answer[]>;
beforeAll(async () => {
  pollServer = await startRealServer();
  pollers = await Promise.all(usable.map(({ open }) => open({ endpoint: pollServer.url })));
  polls = Promise.all(
    pollers.map((client) => client.call("GetActivityTask", { activityArn: "nobody:asks" })),
  );
  // Looked at in the last test.
  polls.catch(() => undefined);
});
afterAll(async () => {
  await Promise.all(pollers.map((client) => client.close()));
  await pollServer[Symbol.asyncDispose]();
});

describe.each(kinds)("$name", ({ open, missing }) => {
  const called = new Set<string>();
  const made = { executionArns: [] } as unknown as Made;
  let server: RealServer;
  let client: AwsClient;

  beforeAll(async () => {
    if (missing) return;
    server = await startRealServer();
    client = recording(await open({ endpoint: server.url }), called);
  });
  afterAll(async () => {
    await client?.close();
    await server?.[Symbol.asyncDispose]();
  });

  test.skipIf(missing).each(steps)("$rule", async ({ run }) => {
    expect.hasAssertions();
    await run(client, made);
  });

  test.skipIf(missing).each(mistakes)(
    "$operation refuses $input as $refusal",
    async ({ operation, input, refusal }) => {
      expect(await refusalOf(client.call(operation, input))).toBe(refusal);
    },
  );

  test.skipIf(missing)("every operation was called", () => {
    expect(Object.keys(operations).filter((operation) => !called.has(operation))).toEqual([]);
  });
});

test("no client loses patience with a poll that has no task", { timeout: 90_000 }, async () => {
  expect(await polls).toEqual(usable.map(() => ({})));
});

function recording(client: AwsClient, called: Set<string>): AwsClient {
  return {
    call: (operation, input) => {
      called.add(operation);
      return client.call(operation, input);
    },
    all: (listing) => {
      called.add(listing.operation);
      return client.all(listing);
    },
    close: () => client.close(),
  };
}
