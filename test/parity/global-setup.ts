import type { TestProject } from "vitest/node";
import { buildDriver, languageOf, sdks, type FoundDriver } from "./support/drivers.ts";

declare module "vitest" {
  export interface ProvidedContext {
    parityDrivers: readonly FoundDriver[];
  }
}

/** Builds the drivers, and says which SDKs are not tested here. */
export default function setup(project: TestProject): void {
  const drivers = sdks.map(buildDriver);
  for (const driver of drivers) {
    if ("missing" in driver)
      console.warn(`\nNOT TESTED: the ${languageOf[driver.name]} SDK: ${driver.missing}\n`);
  }
  project.provide("parityDrivers", drivers);
}
