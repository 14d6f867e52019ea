import { describe, expect, test } from "vitest";
import { diagnosticLine } from "../../server/cli/text/diagnostic-line.ts";
import { dateTime, duration } from "../../server/cli/text/duration.ts";
import { jsonText, payload } from "../../server/cli/text/json-text.ts";
import { clipped, plain, plainLines, shown } from "../../server/cli/text/plain.ts";
import { table } from "../../server/cli/text/table.ts";

describe("text from outside can not steer a terminal (bad-input row 104)", () => {
  test.each([
    { name: "a colour sequence goes", text: "\u001b[31mred\u001b[0m", expected: "red" },
    { name: "a window title goes", text: "\u001b]0;owned\u0007name", expected: "name" },
    { name: "C1 controls go", text: "a\u009b31mb", expected: "ab" },
    {
      name: "carriage returns can not overwrite the line",
      text: "good\rbad",
      expected: "good bad",
    },
    { name: "bell, backspace and NUL go", text: "a\u0007\u0008\u0000b", expected: "ab" },
    { name: "bidirectional marks go", text: "invoice\u202egpj.exe", expected: "invoicegpj.exe" },
    { name: "line breaks become a space", text: "one\n  two\r\nthree", expected: "one two three" },
    { name: "letters of every script stay", text: "Ünïcödé 名前 🎉", expected: "Ünïcödé 名前 🎉" },
    {
      name: "markup is text",
      text: "<script>alert(1)</script>",
      expected: "<script>alert(1)</script>",
    },
  ])("$name", ({ text, expected }) => {
    expect(plain(text)).toBe(expected);
  });

  test("a cause keeps its lines and nothing else", () => {
    expect(plainLines("Error: no\r\n\tat \u001b[1mpay\u001b[0m")).toBe("Error: no\n\tat pay");
  });

  test("values in a shown template are plain, the template's own text is not touched", () => {
    expect(shown`started ${"a\u001b[2Jb"} (${7})`).toBe("started ab (7)");
  });
});

describe("table", () => {
  test("columns line up under their titles, without trailing spaces", () => {
    const text = table(
      ["NAME", "STATUS", "ABOUT"],
      [
        ["order-7", "RUNNING", ""],
        ["b", "FAILED", "no stock"],
      ],
    );
    expect(text.split("\n")).toEqual([
      "NAME     STATUS   ABOUT",
      "order-7  RUNNING",
      "b        FAILED   no stock",
    ]);
  });

  test("the last column is clipped to the screen", () => {
    const text = table(["A", "B"], [["x", "0123456789abcdefghij"]], 20);
    expect(text.split("\n")[1]).toBe("x  0123456789abcdef…");
  });

  test("colour does not disturb the columns, and escape sequences in a cell are removed", () => {
    const painted = { text: "\u001b[5mFAILED", paint: (text: string) => `<${text}>` };
    expect(table(["S", "N"], [[painted, "n"]]).split("\n")[1]).toBe("<FAILED>  n");
  });
});

describe("duration", () => {
  test.each([
    [0, "0 ms"],
    [412.4, "412 ms"],
    [999.6, "1.0 s"],
    [3_249, "3.2 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min 00 s"],
    [125_000, "2 min 05 s"],
    [3_599_600, "1 h 00 min"],
    [11_220_000, "3 h 07 min"],
    [187_200_000, "2 d 4 h"],
    [-5, "0 ms"],
  ])("%d ms is %s", (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  test("a time that is not there is an empty text", () => {
    expect(dateTime(undefined)).toBe("");
    expect(dateTime(new Date(2026, 10, 3, 4, 5, 6))).toBe("2026-11-03 04:05:06");
  });
});

describe("payloads", () => {
  test.each([
    '{"id":12345678901234567890,"b":1.10,"c":1e2}',
    '{"__proto__":{"x":1},"a":[null,true,"ü"]}',
    '"text"',
    "0",
  ])("%s comes out as it went in", (text) => {
    expect(jsonText(payload(text))).toBe(text);
  });

  test("absent is absent, and text that is not JSON stays text", () => {
    expect(payload("")).toBeUndefined();
    expect(jsonText({ input: payload("") })).toBe("{}");
    expect(payload('{"cut off')).toBe('{"cut off');
  });

  test("what could steer a terminal is escaped, and is the same JSON", () => {
    const text = jsonText({ name: "a\u009b31m\u202eb\u001b[0m" });
    expect(text).toBe('{"name":"a\\u009b31m\\u202eb\\u001b[0m"}');
    expect(JSON.parse(text)).toEqual({ name: "a\u009b31m\u202eb\u001b[0m" });
  });
});

describe("diagnosticLine", () => {
  test("place, severity, code, message, pointer and suggestion, in one line", () => {
    const found = {
      severity: "ERROR",
      code: "UNKNOWN_STATE",
      message: 'no state "Shp"',
      pointer: "/States/Pay/Next",
      line: 9,
      column: 15,
      suggestion: 'did you mean "Ship"?',
    };
    expect(diagnosticLine("orders.yaml", found)).toBe(
      'orders.yaml:9:15: error UNKNOWN_STATE no state "Shp" (at /States/Pay/Next); did you mean "Ship"?',
    );
  });

  test("without a place, a pointer or a suggestion those parts are left out", () => {
    const found = {
      severity: "WARNING",
      code: "X",
      message: "odd",
      pointer: "",
      line: 0,
      column: 0,
      suggestion: "",
    };
    expect(diagnosticLine("a.json", found)).toBe("a.json: warning X odd");
  });
});

test("a text is clipped by characters, not by halves of them", () => {
  expect(clipped("🎉🎉🎉", 2)).toBe("🎉…");
  expect(clipped("abc", 3)).toBe("abc");
});
