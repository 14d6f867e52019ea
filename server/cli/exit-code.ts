/** What the process answers to the shell. Documented in docs/cli.md; scripts depend on these numbers. */
export const exitCode = {
  ok: 0,
  /** The execution did not succeed, the definition has errors, the server did not start. */
  failed: 1,
  /** The command line or a file named in it is wrong; nothing was sent. */
  usage: 2,
  /** No server answered at the address. */
  unreachable: 3,
  /** The server does not have what was named. */
  notFound: 4,
  /** The server understood and refused: invalid definition, name taken, already closed, overloaded. */
  refused: 5,
  /** The wait ended before the execution did. */
  stillRunning: 6,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
