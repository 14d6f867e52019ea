import { stripVTControlCharacters } from "node:util";

/**
 * Text that can not move a cursor, recolour a screen or reorder what is read: escape sequences, C0 and
 * C1 controls and bidirectional marks are removed, line breaks become a space. (bad-input row 104)
 */
export function plain(text: string): string {
  return plainLines(text)
    .replaceAll(/\s*[\n\t]\s*/g, " ")
    .trim();
}

/** As {@link plain}, but line breaks and tabs stay: for causes, which may be stack traces. */
export function plainLines(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll(unprintable, "");
}

/**
 * A template whose values are made {@link plain}: ``shown`started ${name}` ``.
 * Text that people or workers chose reaches the terminal through here.
 */
export function shown(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | bigint)[]
): string {
  return strings
    .map((part, index) => part + (index < values.length ? plain(String(values[index])) : ""))
    .join("");
}

/** At most `width` characters; a longer text ends in an ellipsis. */
export function clipped(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width
    ? text
    : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

// Everything below space except tab and newline, DEL, C1, and marks that change the reading direction.
const unprintable =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
