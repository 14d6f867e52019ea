import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@pawl/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPawl } from "../cli/support/pawl-process.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  env = { DATABASE_URL: database.url, PAWL_ALLOW_UNSAFE_DATABASE: "true" };
});
afterAll(() => database.drop());

const serve = ["serve", "--port", "0"];

test("kill -9 at any moment of the first start leaves a database that the next start completes", async () => {
  for (let afterMs = 100; afterMs <= 1_200; afterMs += 100) {
    const server = spawn(process.execPath, ["bin/pawl.mjs", ...serve], {
      env: { ...process.env, ...env },
      stdio: "ignore",
    });
    await sleep(afterMs);
    server.kill("SIGKILL");
    await once(server, "exit");
  }
  const server = await startPawl(serve, { env });
  const client = new Client({ address: server.url });
  const Done = { Type: "Succeed" };
  await client.createStateMachine({
    name: "after",
    definition: { StartAt: "Done", States: { Done } },
  });
  const { execution } = await client.startExecution({ stateMachine: "after", input: 1 });
  expect(await client.waitForExecution(execution.id)).toMatchObject({ status: "SUCCEEDED" });
  client.close();
  expect(await server.stop()).toBe(0);
});
