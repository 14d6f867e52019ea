import { randomUUID } from "node:crypto";
import { connect, createServer, type AddressInfo } from "node:net";
import { SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { EngineError } from "../../server/engine/errors.ts";
import { startRealServer, type RealServer } from "../bad-input/support/real-server.ts";
import { TestAwsDoor } from "../support/aws-door.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { clients } from "./support/clients.ts";

const kinds = clients(inject("python"));
const wait = '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}';
const pass = '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe.each(kinds)("$name", ({ open, missing }) => {
  test.skipIf(missing).each(["ResourceExhausted", "Unavailable"] as const)(
    "tries again after %s",
    async (code) => {
      let refusals = 0;
      const engine = fakeEngine({
        listActivities: () => {
          if (refusals === 2) return Promise.resolve({ items: [] });
          refusals += 1;
          throw new EngineError(code, "try again");
        },
      });
      const door = await TestAwsDoor.open(engine);
      const client = await open({ endpoint: door.endpoint });
      try {
        expect(await client.call("ListActivities")).toEqual({ activities: [] });
        expect(refusals).toBe(2);
      } finally {
        await client.close();
        await door.close();
      }
    },
  );

  test.skipIf(missing)("starts a named execution once, although the answer was lost", async () => {
    const proxy = await startTcpProxy({ host: "127.0.0.1", port: server.port });
    const client = await open({ endpoint: `http://127.0.0.1:${proxy.port}` });
    try {
      const { stateMachineArn } = await client.call("CreateStateMachine", {
        name: `lost-${randomUUID()}`,
        definition: wait,
        roleArn: "arn:aws:iam::000000000000:role/any",
      });
      const cut = proxy.cutAfterRequest("AWSStepFunctions.StartExecution");
      const started = client.call("StartExecution", { stateMachineArn, name: "once" });
      await cut;
      const { executionArn } = await started;
      expect(await client.call("ListExecutions", { stateMachineArn })).toMatchObject({
        executions: [{ executionArn }],
      });
    } finally {
      await client.close();
      await proxy.close();
    }
  });
});

test.each(kinds.filter(({ name, missing }) => name !== "AWS CLI" && !missing))(
  "$name keeps one connection for call after call, refused ones too",
  async ({ open }) => {
    let connections = 0;
    const counter = createServer((socket) => {
      connections += 1;
      const through = connect(server.port, "127.0.0.1");
      socket.pipe(through).pipe(socket);
      for (const each of [socket, through]) each.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => counter.listen(0, "127.0.0.1", resolve));
    const { port } = counter.address() as AddressInfo;
    const client = await open({ endpoint: `http://127.0.0.1:${port}` });
    try {
      for (let call = 0; call < 5; call += 1) {
        await client.call("ListActivities");
        await client.call("DescribeActivity", { activityArn: "nope" }).catch(() => undefined);
      }
      expect(connections).toBe(1);
    } finally {
      await client.close();
      counter.close();
    }
  },
);

test("a client that puts `sync-` before the host is served when that name leads here", async () => {
  await server.machines.call("createStateMachine", {
    stateMachine: { name: "quick", definition: pass, type: 2 },
  });
  const hosts: string[] = [];
  const client = new SFNClient({
    endpoint: `http://pawl.test:${server.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    requestHandler: {
      httpAgent: {
        lookup: (host: string, _: object, found: (error: null, addresses: object[]) => void) => {
          hosts.push(host);
          found(null, [{ address: "127.0.0.1", family: 4 }]);
        },
      },
    },
  });
  const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:quick";
  expect(await client.send(new StartSyncExecutionCommand({ stateMachineArn }))).toMatchObject({
    status: "SUCCEEDED",
  });
  expect(hosts).toEqual(["sync-pawl.test"]);
  client.destroy();
});
