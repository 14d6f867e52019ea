/** Placeholder shape; see the store owner. Environment -> frozen Config. The only reader of process.env. */
export interface Config {
  /** Absent: an embedded PostgreSQL. */
  readonly databaseUrl?: string;
  /** Where the embedded PostgreSQL keeps its data; absent with `ephemeral`. */
  readonly dataDir?: string;
  readonly isEphemeral: boolean;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly awsRegion: string;
  readonly awsAccountId: string;
  readonly payloadBytesMax: number;
  readonly historyEventsMax: number;
  /** How long tasks of a lost worker stream wait for it to come back. */
  readonly reconnectGraceMs: number;
  /** How long a delivered task may stay unaccepted. */
  readonly deliveryLeaseMs: number;
  readonly drainTimeoutMs: number;
  /** Allow a PostgreSQL that runs with fsync or full_page_writes off. */
  readonly allowUnsafeDatabase: boolean;
  readonly logLevel: string;
  readonly isDevelopment: boolean;
}
