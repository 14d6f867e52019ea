import { styleText } from "node:util";
import type { Extreme, SummaryRow } from "./summaries.ts";
import type { Report } from "./tasks.ts";

/** What was found in the data, as a page of text. */
export function resultsText(report: Report): string {
  const { genres, decades, ratings, extremes } = report.summary;
  return [
    heading(`What ${report.films.toLocaleString("en")} films say`),
    table(
      "genre",
      genres.toSorted((a, b) => (b.medianMultiple ?? 0) - (a.medianMultiple ?? 0)),
    ),
    table(
      "decade",
      decades.toSorted((a, b) => a.name.localeCompare(b.name)),
    ),
    table(
      "MPAA rating",
      ratings.toSorted((a, b) => b.films - a.films),
    ),
    list(
      "most gross for the money",
      extremes.bestReturn,
      (value) => `${Math.round(value)} x its budget`,
    ),
    list("largest losses", extremes.largestLoss, (value) => `${millions(value)} M $`),
    list(
      "critics against audience",
      extremes.criticsAgainstAudience,
      (value) => `${Math.round(value)} points apart`,
    ),
    heading("What was wrong in the data"),
    [
      `  ${report.repairedDates} release dates in the future (two-digit years, moved back a century)`,
      `  ${report.numericTitles} titles that are numbers in the file (300, 1776 ...), now text`,
      `  ${report.unknownGross} films whose gross nobody knows (0 or missing)`,
      `  ${report.rejected} film without a title, put aside`,
      `  ${report.unscored} films without scores, because the service stayed busy`,
    ].join("\n"),
  ].join("\n\n");
}

function table(title: string, rows: readonly SummaryRow[]): string {
  const cells = [
    [title, "films", "gross/budget", "median budget", "earned back", "score"],
    ...rows.map((row) => [
      row.name,
      String(row.films),
      row.medianMultiple === null ? "-" : `${row.medianMultiple.toFixed(2)} x`,
      row.medianBudget === null ? "-" : `${millions(row.medianBudget)} M $`,
      row.earnedBack === null ? "-" : `${Math.round(row.earnedBack * 100)} %`,
      row.meanScore === null ? "-" : row.meanScore.toFixed(1),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row, index) => {
      const line = row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
        )
        .join("  ");
      return `  ${index === 0 ? styleText("dim", line) : line}`;
    })
    .join("\n");
}

function list(title: string, films: readonly Extreme[], shown: (value: number) => string): string {
  const lines = films.map(({ title: name, year, value }) => `  ${name} (${year}): ${shown(value)}`);
  return [`  ${styleText("dim", title)}`, ...lines].join("\n");
}

function heading(text: string): string {
  return styleText("bold", text);
}

function millions(dollars: number): string {
  return (dollars / 1e6).toFixed(1);
}
