import { expect, test } from "vitest";
import { Payload } from "../../server/asl/payload.ts";

test.each([
  { text: '{"a":1}', compact: '{"a":1}' },
  { text: ' { "a" : [ 1, 2 ] } ', compact: '{"a":[1,2]}' },
  { text: '"a b"', compact: '"a b"' },
  { text: '{"id": 12345678901234567890}', compact: '{"id":12345678901234567890}' },
])("$text is compact as $compact", ({ text, compact }) => {
  const payload = Payload.ofText(text);
  expect(payload.compact().text).toBe(compact);
  expect(payload.text).toBe(text);
});

test.each([
  { rule: "ASCII takes one byte", text: '"aa"', bytes: 4 },
  { rule: "two bytes", text: '"é"', bytes: 4 },
  { rule: "three bytes", text: '"€"', bytes: 5 },
  { rule: "an emoji takes four", text: '"😀"', bytes: 6 },
])("the limit counts bytes of UTF-8: $rule", ({ text, bytes }) => {
  expect(Payload.ofText(text).exceeds(bytes)).toBe(false);
  expect(Payload.ofText(text).exceeds(bytes - 1)).toBe(true);
});
