import { readFileSync } from "node:fs";
import { logLevels } from "./observe/log.ts";
import type { LogLevel } from "./observe/log.ts";

/** How a server runs: from the environment and the command line, checked once, then frozen. */
export interface Config {
  /** Absent: an embedded PostgreSQL. */
  readonly databaseUrl?: string;
  /** Where the embedded PostgreSQL keeps its data; absent: `.pawl`. */
  readonly dataDir?: string;
  /** The embedded PostgreSQL is removed with its data when the server ends. */
  readonly isEphemeral: boolean;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly awsRegion: string;
  readonly awsAccountId: string;
  /** `static`: requests at the AWS door must be signed with one of `awsAccessKeys`. */
  readonly awsSignIn: AwsSignIn;
  /** Secret. Pairs `id:secret`, with commas or white space between them; present with `static` only. */
  readonly awsAccessKeys?: string;
  readonly payloadBytesMax: number;
  readonly historyEventsMax: number;
  /** How long tasks of a lost worker stream wait for it to come back. */
  readonly reconnectGraceMs: number;
  /** How long a delivered task may stay unaccepted. */
  readonly deliveryLeaseMs: number;
  readonly drainTimeoutMs: number;
  /** Connections for reads and claims; commits and notifications have their own. */
  readonly databasePoolMax: number;
  /** Allow a PostgreSQL that runs with fsync or full_page_writes off. */
  readonly allowUnsafeDatabase: boolean;
  readonly logLevel: LogLevel;
  /** Its folders are buckets for ItemReader and ResultWriter. */
  readonly bucketsDir?: string;
  /** Of an S3-compatible store. Without it and `s3Region` there is none. */
  readonly s3Endpoint?: string;
  readonly s3Region?: string;
  /** Absent: the AWS SDK looks for credentials. */
  readonly s3AccessKeyId?: string;
  readonly s3SecretAccessKey?: string;
  /** Buckets in the path, not in the host name. */
  readonly isS3PathStyle: boolean;
  /** Where closed executions go before their retention removes them. */
  readonly archiveDir?: string;
  /** How long a batch is kept after its end; 0: for ever. */
  readonly batchRetentionSeconds: number;
  /** Children of one Map Run at a time, whatever its definition says. */
  readonly mapConcurrencyMax: number;
  readonly isDevelopment: boolean;
}

const awsSignIns = ["off", "static"] as const;
export type AwsSignIn = (typeof awsSignIns)[number];

/** Wrong settings: one line each, names and limits included. The process ends with it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** A setting read from a text. `parse` resolves what is wrong as a string in `problem`. */
export interface Setting {
  readonly variable: string;
  readonly field: keyof Config;
  readonly meaning: string;
  readonly default: Config[keyof Config];
  readonly form: string;
  readonly parse: (
    text: string,
  ) => { readonly value: Config[keyof Config] } | { readonly problem: string };
}

/** All settings; the table in docs/configuration.md is made from it. */
export const settings: readonly Setting[] = [
  text("DATABASE_URL", "databaseUrl", undefined, {
    meaning: "PostgreSQL 15 or later. Absent: an embedded one",
    form: "postgresql://user@host:5432/database",
    pattern: /^postgres(ql)?:\/\/./,
    isSecret: true,
  }),
  text("PAWL_DATA_DIR", "dataDir", undefined, {
    meaning: "where the embedded PostgreSQL keeps its data. Absent: `.pawl` in the working folder",
    form: "a folder",
    pattern: /./,
  }),
  flag(
    "PAWL_EPHEMERAL",
    "isEphemeral",
    false,
    "the embedded PostgreSQL is removed when the server ends",
  ),
  text("PAWL_HOST", "host", "127.0.0.1", {
    meaning: "address to listen on",
    form: "a host name or IP address",
    pattern: /^[\w.:[\]%-]+$/,
  }),
  whole("PAWL_PORT", "port", 7300, {
    meaning: "port to listen on; 0 is any free one",
    min: 0,
    max: 65_535,
  }),
  text("PAWL_AWS_REGION", "awsRegion", "us-east-1", {
    meaning: "region in ARNs",
    form: "a region such as us-east-1",
    pattern: /^[a-z]{2}(-[a-z]+)+-\d+$/,
  }),
  text("PAWL_AWS_ACCOUNT_ID", "awsAccountId", "000000000000", {
    meaning: "account in ARNs",
    form: "12 digits",
    pattern: /^\d{12}$/,
  }),
  choice("PAWL_AWS_SIGN_IN", "awsSignIn", "off", {
    meaning: "whether the AWS door verifies signatures (`static`) or ignores them",
    values: awsSignIns,
  }),
  accessKeys(),
  whole("PAWL_PAYLOAD_BYTES_MAX", "payloadBytesMax", 262_144, {
    meaning: "bytes of UTF-8 an input, output or result may have",
    min: 1_024,
    max: 2_097_152,
  }),
  whole("PAWL_HISTORY_EVENTS_MAX", "historyEventsMax", 25_000, {
    meaning: "events an execution's history may have",
    min: 100,
    max: 10_000_000,
  }),
  whole("PAWL_RECONNECT_GRACE_MS", "reconnectGraceMs", 10_000, {
    meaning: "how long tasks of a lost worker stream wait for it to come back, milliseconds",
    min: 0,
    max: 3_600_000,
  }),
  whole("PAWL_DELIVERY_LEASE_MS", "deliveryLeaseMs", 10_000, {
    meaning: "how long a delivered task may stay unaccepted, milliseconds",
    min: 100,
    max: 600_000,
  }),
  whole("PAWL_DRAIN_TIMEOUT_MS", "drainTimeoutMs", 20_000, {
    meaning: "how long a stopping server waits for what is in flight, milliseconds",
    min: 0,
    max: 3_600_000,
  }),
  whole("PAWL_DATABASE_POOL_MAX", "databasePoolMax", 8, {
    meaning: "connections for reads and claims; commits and notifications have their own",
    min: 2,
    max: 1_000,
  }),
  flag(
    "PAWL_ALLOW_UNSAFE_DATABASE",
    "allowUnsafeDatabase",
    false,
    "accept a PostgreSQL with fsync or full_page_writes off",
  ),
  choice("PAWL_LOG_LEVEL", "logLevel", "info", {
    meaning: "least level that is logged",
    values: logLevels,
  }),
  text("PAWL_BUCKETS_DIR", "bucketsDir", undefined, {
    meaning: "folder whose folders are the buckets of ItemReader and ResultWriter. Absent: none",
    form: "a folder",
    pattern: /./,
  }),
  text("PAWL_S3_ENDPOINT", "s3Endpoint", undefined, {
    meaning: "S3-compatible store for all other buckets. Absent, and no region: none",
    form: "http://host:9000",
    pattern: /^https?:\/\/./,
  }),
  text("PAWL_S3_REGION", "s3Region", undefined, {
    meaning: "region of S3; without an endpoint, AWS's own S3 is used",
    form: "a region such as us-east-1",
    pattern: /^[a-z0-9-]+$/,
  }),
  text("PAWL_S3_ACCESS_KEY_ID", "s3AccessKeyId", undefined, {
    meaning: "access key for S3. Absent: the AWS SDK looks for credentials",
    form: "an access key id",
    pattern: /^\S+$/,
  }),
  text("PAWL_S3_SECRET_ACCESS_KEY", "s3SecretAccessKey", undefined, {
    meaning: "secret of that access key",
    form: "a secret access key",
    pattern: /^\S+$/,
  }),
  flag("PAWL_S3_PATH_STYLE", "isS3PathStyle", false, "buckets in the path, not in the host name"),
  whole("PAWL_MAP_CONCURRENCY_MAX", "mapConcurrencyMax", 1_000, {
    meaning: "child executions of one Map Run at a time, whatever its definition says",
    min: 1,
    max: 10_000,
  }),
  text("PAWL_ARCHIVE_DIR", "archiveDir", undefined, {
    meaning:
      "folder for executions that their machine's retention removes, as JSON lines. Absent: they are not kept",
    form: "a folder",
    pattern: /./,
  }),
  whole("PAWL_BATCH_RETENTION_SECONDS", "batchRetentionSeconds", 0, {
    meaning:
      "how long a batch and its items are kept after its end; its executions go by their machine's retention. 0: for ever",
    min: 0,
    max: 3_153_600_000,
  }),
  flag("PAWL_DEVELOPMENT", "isDevelopment", false, "says so in GetServerInfo; set by `pawl dev`"),
];

/**
 * Reads the configuration.
 *
 * @param overrides what the command line says; wins, and is checked alike.
 * @param environment an empty text counts as absent.
 * @throws ConfigError with one line for every unknown PAWL_ variable and every bad value.
 */
export function readConfig(
  overrides: Partial<Config> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const problems = unknownVariables(environment);
  const config: Partial<Record<keyof Config, Config[keyof Config]>> = {};
  for (const setting of settings) {
    const override = overrides[setting.field];
    const given = override !== undefined ? String(override) : environment[setting.variable];
    if (given === undefined || given === "") {
      if (setting.default !== undefined) config[setting.field] = setting.default;
      continue;
    }
    const parsed = setting.parse(given.trim());
    if ("value" in parsed) config[setting.field] = parsed.value;
    else problems.push(`${setting.variable} ${parsed.problem}`);
  }
  const checked = Object.freeze(config) as unknown as Config;
  if (problems.length === 0) problems.push(...contradictions(checked));
  if (problems.length > 0) throw new ConfigError(problems);
  return checked;
}

function contradictions({ awsSignIn, awsAccessKeys }: Config): string[] {
  if (awsSignIn === "static" && awsAccessKeys === undefined)
    return ["PAWL_AWS_SIGN_IN is static: PAWL_AWS_ACCESS_KEYS must be set"];
  if (awsSignIn === "off" && awsAccessKeys !== undefined)
    return ["PAWL_AWS_ACCESS_KEYS is set: PAWL_AWS_SIGN_IN must be static"];
  return [];
}

/** The table of all settings for the documents, in Markdown. */
export function settingsTable(): string {
  const rows = settings.map(({ variable, default: value, form, meaning }) => {
    const shown = value === undefined ? "" : `\`${String(value)}\``;
    return `| \`${variable}\` | ${shown} | ${form} | ${meaning} |`;
  });
  return ["| variable | default | form | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** Variables of the command line as a client, and of the SDKs' testing helpers; a server may see them too. */
const ofClients = ["PAWL_ADDRESS", "PAWL_COMMAND"];

function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set([...settings.map(({ variable }) => variable), ...ofClients]);
  return Object.keys(environment)
    .filter((name) => name.startsWith("PAWL_") && !known.has(name))
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is not a setting of Pawl${near === undefined ? "" : `; did you mean ${near}?`}`;
    });
}

interface TextOptions {
  readonly meaning: string;
  readonly form: string;
  readonly pattern: RegExp;
  /** The value is not named in messages. */
  readonly isSecret?: boolean;
}

function text(
  variable: string,
  field: keyof Config,
  value: string | undefined,
  options: TextOptions,
): Setting {
  const { meaning, form, pattern, isSecret = false } = options;
  const shown = (given: string) => (isSecret ? "what it is" : `"${given.slice(0, 64)}"`);
  return {
    variable,
    field,
    meaning,
    form,
    default: value,
    parse: (given) =>
      pattern.test(given) ? { value: given } : { problem: `must be ${form}, not ${shown(given)}` },
  };
}

/** Secrets are better kept in a file than in an environment that every child process inherits. */
function accessKeys(): Setting {
  const setting = text("PAWL_AWS_ACCESS_KEYS", "awsAccessKeys", undefined, {
    meaning: "access keys for `PAWL_AWS_SIGN_IN=static`, with commas or white space between them",
    form: "ID:SECRET,ID:SECRET or @FILE",
    pattern: /^\w{1,128}:[^\s,]{1,256}([\s,]+\w{1,128}:[^\s,]{1,256})*$/,
    isSecret: true,
  });
  return {
    ...setting,
    parse: (given) => {
      if (!given.startsWith("@")) return setting.parse(given);
      try {
        return setting.parse(readFileSync(given.slice(1), "utf8").trim());
      } catch (error) {
        return { problem: `can not be read: ${(error as Error).message}` };
      }
    },
  };
}

interface WholeOptions {
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
}

function whole(
  variable: string,
  field: keyof Config,
  value: number,
  { meaning, min, max }: WholeOptions,
): Setting {
  const form = `a whole number from ${min} to ${max}`;
  return {
    variable,
    field,
    meaning,
    form,
    default: value,
    parse: (given) => {
      const number = /^\d{1,12}$/.test(given) ? Number(given) : Number.NaN;
      const isInRange = number >= min && number <= max;
      return isInRange
        ? { value: number }
        : { problem: `must be ${form}, not "${given.slice(0, 64)}"` };
    },
  };
}

function flag(variable: string, field: keyof Config, value: boolean, meaning: string): Setting {
  const form = "true or false";
  return {
    variable,
    field,
    meaning,
    form,
    default: value,
    parse: (given) => {
      if (/^(true|1|yes|on)$/i.test(given)) return { value: true };
      if (/^(false|0|no|off)$/i.test(given)) return { value: false };
      return { problem: `must be ${form}, not "${given.slice(0, 64)}"` };
    },
  };
}

interface ChoiceOptions<Value> {
  readonly meaning: string;
  readonly values: readonly Value[];
}

function choice<Value extends LogLevel | AwsSignIn>(
  variable: string,
  field: keyof Config,
  value: Value,
  { meaning, values }: ChoiceOptions<Value>,
): Setting {
  const form = `one of ${values.join(", ")}`;
  return {
    variable,
    field,
    meaning,
    form,
    default: value,
    parse: (given) => {
      const known = values.find((each) => each === given);
      return known !== undefined
        ? { value: known }
        : { problem: `must be ${form}, not "${given.slice(0, 64)}"` };
    },
  };
}

/** The known name that differs in at most three letters. */
function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  const ranked = [...known].map((other) => ({ other, distance: editDistance(name, other) }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= 3 ? best.other : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(
        Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length]!;
}
