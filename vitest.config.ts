import "./tools/require-node.mjs";
import { defineConfig } from "vitest/config";

const pure = [
  "test/asl/**/*.test.ts",
  "test/testing/**/*.test.ts",
  "test/import-seed/**/*.test.ts",
  "test/architecture.test.ts",
];
const parity = ["test/parity/**/*.test.ts"];
const sdks = ["test/sdks/**/*.test.ts"];
const awsClients = ["test/aws-clients/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        // No database, no socket, no sleep: the whole project takes seconds.
        test: { name: "pure", include: pure, testTimeout: 10_000, hookTimeout: 10_000 },
      },
      {
        // Against a real PostgreSQL, which the global setup starts unless DATABASE_URL names one.
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: [...pure, ...parity, ...sdks, ...awsClients, "**/node_modules/**"],
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // One list of scenarios for the SDKs of all languages.
        test: {
          name: "parity",
          include: parity,
          globalSetup: ["test/support/global-setup.ts", "test/parity/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // After the others: it looks at times.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The SDKs' own tests, by the test runners of their languages.
        test: {
          name: "sdks",
          include: sdks,
          testTimeout: 600_000,
          // They build the same SDKs.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // The clients that AWS publishes, two of them from Python's package index.
        test: {
          name: "aws-clients",
          include: awsClients,
          globalSetup: ["test/support/global-setup.ts", "test/aws-clients/support/python.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
