import { Client } from "@pawl/sdk";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { scenarios } from "./scenarios/index.ts";
import { Driver } from "./support/driver.ts";
import { languageOf, sdks, type UsableDriver } from "./support/drivers.ts";
import { startParityServer, type ParityServer } from "./support/server.ts";
import { Stage } from "./support/stage.ts";
import { ParityTable, readPage, writePage } from "./support/table.ts";

const drivers = inject("parityDrivers").filter(
  (driver): driver is UsableDriver => !("missing" in driver),
);
const rules = scenarios.map(({ name, run }) => [name, run] as const);
const results = new ParityTable(readPage());

describe.each(drivers.map((found) => [languageOf[found.name], found] as const))(
  "%s",
  (_, found) => {
    let driver: Driver;
    let partner: Driver;
    let server: ParityServer;
    let observer: Client;

    beforeAll(async () => {
      driver = new Driver(found);
      partner = new Driver(partnerOf(found));
      server = await startParityServer();
      observer = new Client({ address: server.address });
      await driver.send({ op: "hello" });
    });
    afterAll(async () => {
      observer?.close();
      await driver?.close();
      await partner?.close();
      await server?.stop();
    });

    test.for(rules)("%s", async ([name, expectRule], { onTestFinished, task }) => {
      onTestFinished(() => results.tell(name, found.name, task.result?.state === "pass"));
      await using stage = new Stage({ driver, partner, server, observer });
      await expectRule(stage);
    });
  },
);

test("docs/parity.md is what a run says", () => {
  const page = results.page(scenarios.map(({ name }) => name));
  if (process.env["PARITY_WRITE"] === "true") writePage(page);
  expect(readPage()).toBe(page);
});

/** The SDK of another language, where there is one. */
function partnerOf(driver: UsableDriver): UsableDriver {
  const others = drivers.filter(({ name }) => name !== driver.name);
  const after = others.find(({ name }) => sdks.indexOf(name) > sdks.indexOf(driver.name));
  return after ?? others[0] ?? driver;
}
