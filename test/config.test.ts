import { readFileSync, writeFileSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readConfig, settings, settingsTable } from "../server/config.ts";
import { createLog } from "../server/observe/log.ts";

function problemsOf(environment: Record<string, string>, overrides = {}): readonly string[] {
  try {
    readConfig(overrides, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("nothing set gives the defaults, frozen", () => {
  const config = readConfig({}, { PATH: "/bin", PAWL_PORT: "" });
  expect(config).toEqual({
    isEphemeral: false,
    host: "127.0.0.1",
    port: 7300,
    awsRegion: "us-east-1",
    awsAccountId: "000000000000",
    awsSignIn: "off",
    payloadBytesMax: 262_144,
    historyEventsMax: 25_000,
    reconnectGraceMs: 10_000,
    deliveryLeaseMs: 10_000,
    drainTimeoutMs: 20_000,
    databasePoolMax: 8,
    allowUnsafeDatabase: false,
    logLevel: "info",
    isS3PathStyle: false,
    mapConcurrencyMax: 1_000,
    batchRetentionSeconds: 0,
    isDevelopment: false,
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test("the environment sets, and the command line wins over it", () => {
  const environment = {
    PAWL_PORT: "8000",
    PAWL_ALLOW_UNSAFE_DATABASE: "yes",
    DATABASE_URL: "postgres://u@h/d",
    PAWL_LOG_LEVEL: "warn",
  };
  expect(readConfig({ port: 0, logLevel: "debug" }, environment)).toMatchObject({
    port: 0,
    allowUnsafeDatabase: true,
    databaseUrl: "postgres://u@h/d",
    logLevel: "debug",
  });
});

test.each([
  {
    given: { PAWL_PORT: "99999" },
    problem: 'PAWL_PORT must be a whole number from 0 to 65535, not "99999"',
  },
  {
    given: { PAWL_PORT: "80a" },
    problem: 'PAWL_PORT must be a whole number from 0 to 65535, not "80a"',
  },
  {
    given: { PAWL_PROT: "80" },
    problem: "PAWL_PROT is not a setting of Pawl; did you mean PAWL_PORT?",
  },
  { given: { PAWL_WHATEVER: "1" }, problem: "PAWL_WHATEVER is not a setting of Pawl" },
  {
    given: { PAWL_EPHEMERAL: "perhaps" },
    problem: 'PAWL_EPHEMERAL must be true or false, not "perhaps"',
  },
  {
    given: { PAWL_AWS_ACCOUNT_ID: "12" },
    problem: 'PAWL_AWS_ACCOUNT_ID must be 12 digits, not "12"',
  },
  {
    given: { PAWL_LOG_LEVEL: "loud" },
    problem:
      'PAWL_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
  },
  {
    given: { DATABASE_URL: "mysql://u:canary@h/d" },
    problem: "DATABASE_URL must be postgresql://user@host:5432/database, not what it is",
  },
  {
    given: { PAWL_AWS_SIGN_IN: "iam" },
    problem: 'PAWL_AWS_SIGN_IN must be one of off, static, not "iam"',
  },
  {
    given: { PAWL_AWS_SIGN_IN: "static" },
    problem: "PAWL_AWS_SIGN_IN is static: PAWL_AWS_ACCESS_KEYS must be set",
  },
  {
    given: { PAWL_AWS_ACCESS_KEYS: "AKIA:secret" },
    problem: "PAWL_AWS_ACCESS_KEYS is set: PAWL_AWS_SIGN_IN must be static",
  },
  {
    given: { PAWL_AWS_SIGN_IN: "static", PAWL_AWS_ACCESS_KEYS: "canary" },
    problem: "PAWL_AWS_ACCESS_KEYS must be ID:SECRET,ID:SECRET or @FILE, not what it is",
  },
  {
    given: { PAWL_AWS_SIGN_IN: "static", PAWL_AWS_ACCESS_KEYS: "@/nowhere" },
    problem:
      "PAWL_AWS_ACCESS_KEYS can not be read: ENOENT: no such file or directory, open '/nowhere'",
  },
])("$given gives one line: $problem", ({ given, problem }) => {
  expect(problemsOf(given as Record<string, string>)).toEqual([problem]);
});

test("all that is wrong is said at once", () => {
  expect(problemsOf({ PAWL_PORT: "x", PAWL_NEW: "1", PAWL_HOST: "a b" })).toHaveLength(3);
  expect(problemsOf({}, { port: 70_000 })).toEqual([
    'PAWL_PORT must be a whole number from 0 to 65535, not "70000"',
  ]);
});

test("access keys come from the setting or from a file", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pawl-keys-"));
  const file = join(folder.path, "keys");
  writeFileSync(file, "AKIA1:a/b+c=\nAKIA2:d:e\n");
  const read = (keys: string) =>
    readConfig({}, { PAWL_AWS_SIGN_IN: "static", PAWL_AWS_ACCESS_KEYS: keys }).awsAccessKeys;
  expect(read("AKIA1:a/b+c=,AKIA2:d:e")).toBe("AKIA1:a/b+c=,AKIA2:d:e");
  expect(read(`@${file}`)).toBe("AKIA1:a/b+c=\nAKIA2:d:e");
});

test("the documents have the table that the settings make", () => {
  expect(readFileSync("docs/configuration.md", "utf8")).toContain(settingsTable());
  expect(settingsTable().split("\n")).toHaveLength(settings.length + 2);
});

test("secrets and payloads do not get into the log", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  log.info(
    {
      databaseUrl: "postgres://u:canary@h/d",
      config: { awsAccessKeys: "AKIA:canary" },
      request: { input: "canary", authorization: "canary" },
    },
    "told",
  );
  log.debug("not told");
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("canary");
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: "info", msg: "told" });
});
