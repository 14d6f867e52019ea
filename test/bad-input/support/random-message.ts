import {
  create,
  ScalarType,
  type DescField,
  type DescMessage,
  type Message,
} from "@bufbuild/protobuf";
import type { Random } from "./random.ts";

/** Texts that break naive code, and some that are in order. */
export const nastyTexts: readonly string[] = [
  "",
  " ",
  "\0",
  "a\0b",
  "orders",
  "orders/one",
  "orders/\0",
  "../../etc/passwd",
  "x'; drop table executions--",
  "%",
  "_",
  "\\",
  "*",
  "\r\nx: y",
  "\u202eevil",
  "😀".repeat(30),
  "a".repeat(40_000),
  "{}",
  "[",
  '{"a":"\\u0000"}',
  "arn:",
  "arn:aws:states:us-east-1:000000000000:stateMachine:orders",
  "arn:aws:states:us-east-1:000000000000:stateMachine:a\0",
  "arn:aws:states:us-east-1:000000000000:execution:orders:one",
  "arn:aws:states:us-east-1:000000000000:execution:orders:\0",
  "01234567-89ab-7def-8123-456789abcdef",
  "01234567-89ab-7def-8123-456789abcdeX",
  'name = "x"',
  'name = "\\u0000"',
  'labels.a = "\\u0000" AND labels.__proto__ = "1"',
  "start_time > 2026-01-01T00:00:00Z",
  'start_time > "-271821-04-20T00:00:00Z"',
  "status = FAILED OR 1=1",
  "__proto__",
  "constructor",
  "w1.zzzzzzzzzzz.zzzzzzz",
  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
];

const numbers = [0, 1, -1, 2, 100, 1_000_000, 2 ** 31 - 1, -(2 ** 31)];
const bigNumbers = [0n, 1n, -1n, 10n, 253_402_300_800n, 2n ** 63n - 1n, -(2n ** 63n)];

/** A message of any type, with each field set as often as not, and to whatever fits its type. */
export function randomMessage(desc: DescMessage, random: Random, depth = 0): Message {
  const message = create(desc) as unknown as Record<string, unknown>;
  for (const member of desc.members) {
    if (random.chance(0.4)) continue;
    if (member.kind === "oneof") {
      const field = random.of(member.fields);
      message[member.localName] = { case: field.localName, value: valueOf(field, random, depth) };
    } else {
      message[member.localName] = fieldOf(member, random, depth);
    }
  }
  return message as unknown as Message;
}

function fieldOf(field: DescField, random: Random, depth: number): unknown {
  if (field.fieldKind === "list")
    return Array.from({ length: random.below(4) }, () => valueOf(field, random, depth));
  if (field.fieldKind === "map") {
    const entries = Array.from({ length: random.below(3) }, () => [
      field.mapKey === ScalarType.STRING ? random.of(nastyTexts) : String(random.below(9)),
      valueOf(field, random, depth),
    ]);
    return Object.fromEntries(entries);
  }
  return valueOf(field, random, depth);
}

function valueOf(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined)
    return depth > 4 ? create(field.message) : randomMessage(field.message, random, depth + 1);
  if (field.enum !== undefined) return random.of([0, 1, 2, 3, 999, -1]);
  switch (field.scalar) {
    case ScalarType.STRING:
      return random.of(nastyTexts);
    case ScalarType.BYTES:
      return random.bytes(random.of([0, 1, 40, 41, 300]));
    case ScalarType.BOOL:
      return random.chance(0.3);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return random.of(bigNumbers);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return random.of([0n, 1n, 2n ** 64n - 1n]);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return random.of([0, 1, 2 ** 32 - 1]);
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return random.of([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]);
    default:
      return random.of(numbers);
  }
}
