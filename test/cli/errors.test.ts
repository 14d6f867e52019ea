import { PawlError } from "@pawl/sdk";
import { describe, expect, test } from "vitest";
import { CliError } from "../../server/cli/cli-error.ts";
import { exitCode } from "../../server/cli/exit-code.ts";
import { reportError } from "../../server/cli/report-error.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { startFailure } from "../../server/cli/start-failure.ts";
import { StoreError } from "../../server/store/store-error.ts";
import { capturedIo } from "./support/captured-io.ts";

const text = { json: false, isVerbose: false };

describe("what the server refused is said in lines, with an exit code for scripts", () => {
  test.each([
    { code: "NOT_FOUND", expected: exitCode.notFound },
    { code: "UNAVAILABLE", expected: exitCode.unreachable },
    { code: "DEADLINE_EXCEEDED", expected: exitCode.unreachable },
    { code: "INVALID_ARGUMENT", expected: exitCode.refused },
    { code: "FAILED_PRECONDITION", expected: exitCode.refused },
    { code: "RESOURCE_EXHAUSTED", expected: exitCode.refused },
    { code: "INTERNAL", expected: exitCode.failed },
  ] as const)("$code ends with $expected", ({ code, expected }) => {
    expect(reportError(new PawlError(code, "no"), capturedIo().io, text)).toBe(expected);
  });

  test("each field that is wrong is a line", () => {
    const { io, stderr } = capturedIo();
    const fieldViolations = [
      {
        field: "name",
        description: "name has 81 characters; the limit is 80",
        reason: "INVALID_NAME",
      },
    ];
    reportError(
      new PawlError("INVALID_ARGUMENT", "the request is invalid", { fieldViolations }),
      io,
      text,
    );
    expect(stderr()).toBe(
      "error: the request is invalid\n  name: name has 81 characters; the limit is 80\n",
    );
  });

  test("a violation that only repeats the message is not said twice", () => {
    const { io, stderr } = capturedIo();
    const fieldViolations = [{ field: "input", description: "input is not JSON", reason: "" }];
    reportError(
      new PawlError("INVALID_ARGUMENT", "input is not JSON", { fieldViolations }),
      io,
      text,
    );
    expect(stderr()).toBe("error: input is not JSON\n");
  });

  test("the server's advice when to come back is passed on", () => {
    const { io, stderr } = capturedIo();
    reportError(
      new PawlError("RESOURCE_EXHAUSTED", "too many starts", { retryAfterMs: 1_200 }),
      io,
      text,
    );
    expect(stderr()).toBe("error: too many starts\ntry: Try again in 2 s\n");
  });

  test("a message from outside can not steer the terminal", () => {
    const { io, stderr } = capturedIo();
    reportError(new PawlError("NOT_FOUND", "no \u001b[2Jmachine\nfake: line"), io, text);
    expect(stderr()).toMatch(/^error: no machine fake: line\n/);
  });

  test("with --json it is one JSON object on standard error, and standard output stays empty", () => {
    const { io, stdout, stderr } = capturedIo();
    reportError(new CliError(exitCode.notFound, "no such thing", { reason: "NOT_FOUND" }), io, {
      json: true,
      isVerbose: false,
    });
    expect(JSON.parse(stderr())).toEqual({
      error: { message: "no such thing", reason: "NOT_FOUND", violations: [], exitCode: 4 },
    });
    expect(stdout()).toBe("");
  });

  test("the stack is shown only when asked for", () => {
    const quiet = capturedIo();
    expect(reportError(new Error("boom"), quiet.io, text)).toBe(exitCode.failed);
    expect(quiet.stderr()).not.toContain("errors.test.ts");
    const verbose = capturedIo();
    reportError(new Error("boom"), verbose.io, { json: false, isVerbose: true });
    expect(verbose.stderr()).toContain("errors.test.ts");
  });
});

describe("a server that does not start says why and what to do, in one line each", () => {
  const config = { host: "127.0.0.1", port: 7300 };
  const failure = (code: string): Error => Object.assign(new Error(`listen ${code}`), { code });

  test.each([
    {
      name: "a taken port",
      error: failure("EADDRINUSE"),
      said: "port 7300 on 127.0.0.1 is taken",
      next: /--port 0/,
    },
    {
      name: "a strange address",
      error: failure("EADDRNOTAVAIL"),
      said: "127.0.0.1 is not an address of this machine",
      next: /--host/,
    },
    {
      name: "a privileged port",
      error: failure("EACCES"),
      said: "no permission to listen on port 7300 of 127.0.0.1",
      next: /above 1023/,
    },
  ])("$name", ({ error, said, next }) => {
    const { exitCode: code, message, details } = startFailure(error, config);
    expect({ code, message }).toEqual({
      code: exitCode.failed,
      message: `pawl did not start: ${said}`,
    });
    expect(details.next).toMatch(next);
  });

  test("the store's own words are kept; where DATABASE_URL is to blame, it is named", () => {
    const refused = new StoreError("PostgreSQL at db:5432 can not be reached: connection refused", {
      cause: new Error("x"),
    });
    const failed = startFailure(refused, { ...config, databaseUrl: "postgres://db/pawl" });
    expect(failed.message).toBe(
      "pawl did not start: PostgreSQL at db:5432 can not be reached: connection refused",
    );
    expect(failed.details.next).toMatch(/Check DATABASE_URL/);
    expect(
      startFailure(new StoreError("PostgreSQL 14 is too old; Pawl needs 15 or later"), config)
        .details.next,
    ).toBeUndefined();
  });
});

describe("usage", () => {
  test.each([
    { name: "an unknown command", args: ["strat"], said: "unknown command 'strat'" },
    {
      name: "an unknown option",
      args: ["list", "--stauts", "FAILED"],
      said: "unknown option '--stauts'",
    },
    { name: "a missing argument", args: ["start"], said: "missing required argument 'machine'" },
    {
      name: "a value that is none of the choices",
      args: ["list", "--status", "GREEN"],
      said: "argument 'GREEN' is invalid",
    },
    {
      name: "a port out of range",
      args: ["dev", "--port", "70000"],
      said: "a whole number from 0 to 65535",
    },
    {
      name: "options that exclude each other",
      args: ["dev", "--ephemeral", "--data-dir", "x"],
      said: "cannot be used with",
    },
    {
      name: "an input that is not JSON",
      args: ["start", "orders", "--input", "{id: 7}"],
      said: "the input is not JSON",
    },
    {
      name: "a file that is not there",
      args: ["validate", "no-such.json"],
      said: "there is no such file",
    },
    {
      name: "a file without a usable name",
      args: ["apply", "my machine.json"],
      said: "gives no state machine name",
    },
    {
      name: "one name for two files",
      args: ["apply", "a.json", "b.json", "--name", "c"],
      said: "--name is for one file",
    },
    {
      name: "an address that is none",
      args: ["list", "--address", "nowhere"],
      said: "nowhere is no address",
    },
    {
      name: "a worker that is not there",
      args: ["run", "package.json", "--worker", "no-worker.ts"],
      said: "can not load the worker no-worker.ts",
    },
  ])("$name ends with 2 and says what is wrong", async ({ args, said }) => {
    const { io, stdout, stderr } = capturedIo();
    expect(await runCli(args, io)).toBe(exitCode.usage);
    expect(stderr()).toContain(said);
    expect(stderr()).toMatch(/^error: /);
    expect(stdout()).toBe("");
  });

  test.each([
    "dev",
    "serve",
    "migrate",
    "health",
    "run",
    "validate",
    "apply",
    "start",
    "watch",
    "list",
    "count",
    "stats",
    "delete",
    "history",
    "stop",
    "worker list",
    "version",
  ])("pawl %s --help shows examples and the options of all commands", async (command) => {
    const { io, stdout } = capturedIo();
    expect(await runCli([...command.split(" "), "--help"], io)).toBe(exitCode.ok);
    expect(stdout()).toMatch(/Examples:\n {2}\$ .*pawl/);
    expect(stdout()).toContain("--json");
    expect(stdout()).toContain("--address");
  });

  test("without a command the help is printed", async () => {
    const { io, stdout } = capturedIo();
    expect(await runCli([], io)).toBe(exitCode.ok);
    expect(stdout()).toMatch(/^Usage: pawl COMMAND/);
  });

  test("version is text for people and JSON for programs", async () => {
    const human = capturedIo();
    expect(await runCli(["version"], human.io)).toBe(exitCode.ok);
    expect(human.stdout()).toMatch(/^pawl \d+\.\d+\.\d+ on Node\.js \d+/);
    const program = capturedIo();
    await runCli(["version", "--json"], program.io);
    expect(JSON.parse(program.stdout())).toEqual({
      pawl: expect.stringMatching(/^\d/) as string,
      node: process.versions.node,
    });
  });
});
