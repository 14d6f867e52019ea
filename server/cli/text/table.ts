import { clipped, plain } from "./plain.ts";

/** A cell: text as it came from the server, and how to colour it once it is harmless. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/**
 * Columns side by side under their titles, two spaces apart, without trailing spaces.
 *
 * Cells are made plain here. A cell wider than its column's limit is clipped; `widthMax` is for the
 * last column, which takes what the screen leaves.
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  widthMax = Infinity,
): string {
  const body = rows.map((row) => row.map((cell) => plain(textOf(cell))));
  const widths = titles.map((title, column) =>
    Math.max(width(title), ...body.map((row) => width(row[column] ?? ""))),
  );
  const last = titles.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 0);
  const room = Math.max(12, widthMax - before);

  const lines = [titles, ...body].map((row, index) => {
    const cells = row.map((text, column) => {
      const fitted = column === last ? clipped(text, room) : padded(text, widths[column] ?? 0);
      const cell = index === 0 ? undefined : rows[index - 1]?.[column];
      return typeof cell === "object" ? cell.paint(fitted) : fitted;
    });
    return cells.join("  ").trimEnd();
  });
  return lines.join("\n");
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

function width(text: string): number {
  return Array.from(text).length;
}
