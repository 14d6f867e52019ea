import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ExecutionService, MessageMatch } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

describe("SendMessage", () => {
  test("hands everything on, and says who received it", async () => {
    const send = vi.spyOn(api.engine, "sendMessage");
    send.mockResolvedValue({ executions: ["a", "b"], isBuffered: false });
    const answer = await client.call("sendMessage", {
      correlationKey: "order",
      correlationValue: "42",
      data: "[1]",
      messageId: "m",
      timeToLive: { seconds: 90n, nanos: 500_000_000 },
      match: MessageMatch.OLDEST,
      stateMachine: "orders",
    });
    expect(answer).toMatchObject({ executions: ["a", "b"], buffered: false, duplicate: false });
    expect(send).toHaveBeenCalledWith({
      correlationKey: "order",
      correlationValue: "42",
      data: "[1]",
      messageId: "m",
      timeToLiveMs: 90_500,
      match: "OLDEST",
      stateMachine: "orders",
    });
  });

  test.each([
    ["correlation_key", { correlationValue: "1" }],
    ["correlation_value", { correlationKey: "k" }],
    ["match", { correlationKey: "k", correlationValue: "1", match: 9 }],
    [
      "time_to_live",
      { correlationKey: "k", correlationValue: "1", timeToLive: { nanos: -1, seconds: 1n } },
    ],
  ])("names a wrong %s", async (field, request) => {
    const error = await refused(client.call("sendMessage", request as never));
    expect(error.message).toContain(field);
  });
});

describe("ListMessageWaits", () => {
  test("reads its filter", async () => {
    const list = vi.spyOn(api.engine, "listMessageWaits");
    const filter = `state_machine = "orders" AND correlation_key = "id" AND correlation_value = "{\\"a\\":1}"`;
    await client.call("listMessageWaits", { page: { filter } });
    expect(list).toHaveBeenCalledWith({
      pageSize: 50,
      stateMachine: "orders",
      correlationKey: "id",
      correlationValue: '{"a":1}',
    });
  });

  test.each([
    ["correlation_value without a key", 'correlation_value = "1"'],
    ["a value that is no JSON", 'correlation_key = "k" AND correlation_value = "{"'],
    ["an unknown field", 'color = "red"'],
    ["a comparison", 'correlation_key > "k"'],
    ["a field twice", 'correlation_key = "k" AND correlation_key = "l"'],
  ])("refuses %s", async (_, filter) => {
    const error = await refused(client.call("listMessageWaits", { page: { filter } }));
    expect(error.message).toContain("page.filter");
  });
});
