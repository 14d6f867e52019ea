/**
 * JSON for standard output: one line, or indented for people.
 *
 * Characters that could steer a terminal or reorder text are written as `\uXXXX`: the same JSON, harmless
 * to look at.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(steering, escaped);
}

/**
 * A payload as a value that {@link jsonText} writes back without loss: numbers that a double can not hold keep
 * their digits.
 *
 * @returns the text itself when it is not JSON; undefined for "", which is how the wire says "absent".
 */
export function payload(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return text;
  }
}

function keepDigits(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source
    ? rawJson(source)
    : value;
}

// In V8 since Node 22; TypeScript's library does not know it yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };

const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
