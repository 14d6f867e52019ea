import { Command, Option } from "commander";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io, Style } from "../io.ts";
import { requiredDatabase } from "../required-database.ts";
import { startFailure } from "../start-failure.ts";
import { shown } from "../text/plain.ts";
import type { Finding } from "../../store/doctor/check.ts";
import type { Examination } from "../../store/doctor/examine.ts";

interface DoctorOptions extends GlobalOptions {
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  readonly repair?: boolean;
}

/** What was found; `repaired`: what is no longer there after a repair. */
interface Report extends Examination {
  readonly repaired: readonly Finding[];
}

/** `pawl doctor`: proof that nothing is stuck, from the database alone, and repairs. */
export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .description("prove that nothing is stuck, and mend what can be mended")
    .addOption(new Option("--database-url <url>", "PostgreSQL 15 or later").env("DATABASE_URL"))
    .addOption(
      new Option(
        "--data-dir <folder>",
        "data folder of a running pawl dev, whose database it is (default: PAWL_DATA_DIR or .pawl)",
      ).env("PAWL_DATA_DIR"),
    )
    .option("--repair", "make the repairs; without it they are only named")
    .addHelpText("after", examples)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<DoctorOptions>();
      const isFolderAsked = command.getOptionValueSource("dataDir") === "cli";
      const databaseUrl = await databaseOf(options, isFolderAsked);
      const report = await examined(databaseUrl, options.repair === true);
      const isHealthy = !report.findings.some(({ severity }) => severity === "ERROR");
      if (options.json === true) io.json({ healthy: isHealthy, ...report });
      else print(report, io);
      io.exitCode = isHealthy ? exitCode.ok : exitCode.failed;
    });
}

/** The one that is named, else that of a `pawl dev` on this machine. */
async function databaseOf(
  { databaseUrl, dataDir }: DoctorOptions,
  isFolderAsked: boolean,
): Promise<string> {
  const named = isFolderAsked || databaseUrl?.trim() === "" ? undefined : databaseUrl;
  const { runningDatabase } = await import("../../store/embedded/running-database.ts");
  return requiredDatabase(
    named ?? (await runningDatabase(dataDir)),
    "pawl doctor",
    "Set DATABASE_URL=postgres://user:password@host:5432/database, run it where pawl dev runs, or name the data folder of that with --data-dir",
  );
}

/** Long lists are read whole. */
const statementMaxMs = 300_000;

async function examined(databaseUrl: string, isRepair: boolean): Promise<Report> {
  const [{ readConfig }, { connect }, { examine, repair }, { wallClockMs }] = await Promise.all([
    import("../../config.ts"),
    import("../../store/connect.ts"),
    import("../../store/doctor/examine.ts"),
    import("../../engine/clock.ts"),
  ]);
  try {
    const client = await connect({
      connectionString: databaseUrl,
      statement_timeout: statementMaxMs,
      query_timeout: statementMaxMs,
    });
    try {
      const before = await examine(client, { wallClockMs });
      if (!isRepair) return { ...before, repaired: [] };
      await repair(client, { wallClockMs });
      const after = await examine(client, { wallClockMs });
      const left = new Set(after.findings.filter(isMendable).map(({ code }) => code));
      const repaired = before.findings.filter(
        (finding) => isMendable(finding) && !left.has(finding.code),
      );
      return { ...after, repaired };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw startFailure(error, readConfig({ databaseUrl }), "the database was not examined");
  }
}

function isMendable({ repair }: Finding): boolean {
  return repair !== undefined;
}

const styles: Readonly<Record<Finding["severity"], Style>> = {
  ERROR: "red",
  WARNING: "yellow",
  ADVICE: "cyan",
};

function print({ findings, repaired, ...facts }: Report, io: Io): void {
  const { openExecutions, servers, workers, databaseBytes } = facts;
  for (const finding of repaired) {
    io.line(
      `${io.paint("green", "repaired")} ${finding.code} ${finding.message}: ${finding.repair}`,
    );
    for (const example of finding.examples) io.line(shown`  ${example}`);
  }
  for (const { severity, code, message, examples, advice, repair } of findings) {
    io.line(`${io.paint(styles[severity], severity.toLowerCase())} ${code} ${message}`);
    for (const example of examples) io.line(shown`  ${example}`);
    io.line(repair === undefined ? `  ${advice}` : `  ${advice}. With --repair ${repair}`);
  }
  if (findings.some(({ code }) => code === "OLD_SCHEMA")) return;
  if (!findings.some(({ code }) => code === "STUCK"))
    io.line(
      `${io.paint("green", "ok")} all ${openExecutions} open executions have what will move them`,
    );
  io.line(
    `${servers} servers, ${workers} workers, ${(databaseBytes / 1_048_576).toFixed(0)} MB in the database`,
  );
}

const examples = `
Asks the database alone: it works with all servers down, and beside servers that run. Without --repair nothing
is changed.
Without a URL it is the database of the pawl dev that runs in this folder; the folder of one with --ephemeral is
pawl-XXXXXX in the temporary folder.
Exit codes: 0 no errors, or all were repaired; 1 errors; 2 no database is named.

Examples:
  $ DATABASE_URL=postgres://pawl@db.internal/pawl pawl doctor
  $ pawl doctor --database-url postgres:///pawl --repair
  $ pawl doctor --data-dir .pawl
  $ pawl doctor --json | jq '.findings[] | select(.severity == "ERROR")'`;
