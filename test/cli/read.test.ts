import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { countOf, labelsOf, portOf, spanOf } from "../../server/cli/option-values.ts";
import { nameOf, readDefinition } from "../../server/cli/read-definition.ts";
import { readInput } from "../../server/cli/read-input.ts";
import { capturedIo } from "./support/captured-io.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await writeFile(join(folder, "order.json"), '{"id": 12345678901234567890}\n');
  await writeFile(join(folder, "orders.asl.yaml"), "StartAt: A\n");
});

afterAll(() => rm(folder, { recursive: true }));

describe("--input", () => {
  test("JSON itself is sent as it was written", async () => {
    expect(await readInput('{"b":1.0,  "a":12345678901234567890}', capturedIo().io.streams)).toBe(
      '{"b":1.0,  "a":12345678901234567890}',
    );
  });

  test("@file is the file's text", async () => {
    expect(await readInput(`@${join(folder, "order.json")}`, capturedIo().io.streams)).toBe(
      '{"id": 12345678901234567890}\n',
    );
  });

  test("- is standard input", async () => {
    expect(await readInput("-", capturedIo({ stdin: "[1]" }).io.streams)).toBe("[1]");
  });

  test.each([
    { name: "text that is not JSON", source: "{id: 7}", message: /the input is not JSON/ },
    { name: "no text", source: "", message: /the input is not JSON/ },
    {
      name: "a file that is not there",
      source: "@no-such-file.json",
      message: /can not read no-such-file.json: there is no such file/,
    },
    { name: "a folder", source: "@.", message: /can not read \.: it is a directory/ },
  ])("$name is a usage error", async ({ source, message }) => {
    await expect(readInput(source, capturedIo().io.streams)).rejects.toMatchObject({
      exitCode: exitCode.usage,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("definition files", () => {
  test.each([
    ["orders.json", "orders"],
    ["machines/orders.asl.json", "orders"],
    ["orders.yml", "orders"],
    ["Orders_v2.YAML", "Orders_v2"],
    ["orders", "orders"],
  ])("%s is the state machine %s", (path, name) => {
    expect(nameOf(path)).toBe(name);
  });

  test.each(["my orders.yaml", ".json", "-", `${"a".repeat(81)}.json`])(
    "%s gives no name and says how to give one",
    (path) => {
      expect(() => nameOf(path)).toThrow(
        expect.objectContaining({
          exitCode: exitCode.usage,
          details: expect.objectContaining({ next: "Give one with --name NAME" }),
        }),
      );
    },
  );

  test("the format follows the file's ending; without one the text decides", async () => {
    const file = await readDefinition(join(folder, "orders.asl.yaml"), capturedIo().io.streams);
    expect(file).toMatchObject({ text: "StartAt: A\n", format: "YAML" });
    expect(await readDefinition("-", capturedIo({ stdin: "{}" }).io.streams)).toMatchObject({
      text: "{}",
      format: undefined,
    });
  });
});

describe("option values", () => {
  test.each([
    ["90", 90_000],
    ["1500ms", 1_500],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["2h", 7_200_000],
  ])("the span %s is %d ms", (text, expected) => {
    expect(spanOf(text)).toBe(expected);
  });

  test.each([
    { parse: spanOf, text: "soon", message: "a time is a number with ms, s, m, h or d" },
    { parse: spanOf, text: "-1s", message: "a time is a number with ms, s, m, h or d" },
    { parse: portOf, text: "65536", message: "a whole number from 0 to 65535" },
    { parse: portOf, text: "http", message: "a whole number from 0 to 65535" },
    { parse: portOf, text: "", message: "a whole number from 0 to 65535" },
    { parse: countOf, text: "0", message: "a whole number from 1 to 100000" },
    { parse: countOf, text: "1e3", message: "a whole number from 1 to 100000" },
  ])('$parse.name refuses "$text"', ({ parse, text, message }) => {
    expect(() => parse(text)).toThrow(message);
  });

  test("labels add up, and a value may hold an equals sign", () => {
    expect(labelsOf("q=a=b", labelsOf("tenant=acme", undefined))).toEqual({
      tenant: "acme",
      q: "a=b",
    });
    expect(() => labelsOf("=x", undefined)).toThrow("key=value");
  });
});
