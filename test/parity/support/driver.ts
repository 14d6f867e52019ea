import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Answer, DriverEvent, Failure, Request } from "./protocol.ts";
import { driverEnvironment, type UsableDriver } from "./drivers.ts";
import { onLines } from "./lines.ts";

/** How long an event may take that ought to come at once. */
const eventMsMax = 20_000;

/** How long a command may take: less than a scenario, so that the scenario can say which one it was. */
const commandMsMax = 45_000;

/** A driver's process: one SDK, made to do what a scenario says. */
export class Driver {
  readonly name: string;
  /** Everything it has told, in order. */
  readonly events: DriverEvent[] = [];
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  readonly #exited: Promise<unknown>;
  /** The last lines of its log, for a scenario that fails. */
  readonly #log: string[] = [];
  #lastId = 0;

  constructor({ name, folder, run }: UsableDriver) {
    this.name = name;
    const [program, ...args] = run;
    this.#child = spawn(program!, args, {
      cwd: folder,
      env: driverEnvironment(),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#exited = once(this.#child, "exit").then(
      ([code, signal]) => this.#onExit(`${name}: the driver ended with ${String(signal ?? code)}`),
      (error: Error) => this.#onExit(error.message),
    );
    this.#child.stdin!.on("error", () => undefined);
    onLines(this.#child.stdout!, (line) => this.#onLine(line));
    onLines(this.#child.stderr!, (line) => {
      this.#log.push(line);
      if (this.#log.length > 200) this.#log.shift();
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get log(): string {
    return this.#log.join("\n");
  }

  /**
   * Resolves with the command's `ok`.
   *
   * @param onNext takes what the command streams before.
   * @throws DriverError with what it answered instead
   */
  send<Ok extends object>(
    request: Request,
    onNext: (value: object) => void = () => undefined,
  ): Sent<Ok> {
    this.#lastId += 1;
    const id = this.#lastId;
    const done = new Promise<Ok>((resolve, reject) => {
      const timer = setTimeout(() => {
        const text = JSON.stringify(request).slice(0, 300);
        reject(new Error(`${this.name}: no answer in ${commandMsMax} ms to ${text}\n${this.log}`));
      }, commandMsMax);
      this.#pending.set(id, {
        resolve: (ok) => (clearTimeout(timer), resolve(ok as Ok)),
        reject: (error) => (clearTimeout(timer), reject(error)),
        onNext,
      });
    });
    // A scenario that has failed already does not wait for it.
    done.catch(() => undefined);
    this.#child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    return Object.assign(done, { id });
  }

  /** The first event, past or to come, of which `find` holds. @throws Error when it does not come in time */
  async event<Found extends DriverEvent>(
    find: (event: DriverEvent) => event is Found,
    timeoutMs = eventMsMax,
  ): Promise<Found> {
    const past = this.events.find(find);
    if (past !== undefined) return past;
    const found = Promise.withResolvers<Found>();
    const listener = (event: DriverEvent): void => {
      if (find(event)) found.resolve(event);
    };
    this.#listeners.add(listener);
    const timer = setTimeout(() => {
      const last = this.events.slice(-5).map((event) => JSON.stringify(event));
      const seen = `the last of ${this.events.length} events:\n${last.join("\n")}\n${this.log}`;
      found.reject(new Error(`${this.name}: an event did not come in ${timeoutMs} ms; ${seen}`));
    }, timeoutMs);
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  /** As the end of its standard input says: it closes what is open. @returns its exit status */
  async close(): Promise<number | null> {
    this.#child.stdin!.end();
    const timer = setTimeout(() => this.kill(), 10_000);
    await this.#exited;
    clearTimeout(timer);
    return this.#child.exitCode;
  }

  /** kill -9. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #onLine(line: string): void {
    const answer = JSON.parse(line) as Answer;
    if ("event" in answer) {
      this.events.push(answer);
      for (const listener of this.#listeners) listener(answer);
      return;
    }
    const pending = this.#pending.get(answer.id);
    if ("next" in answer) {
      pending?.onNext(answer.next);
      return;
    }
    this.#pending.delete(answer.id);
    if ("ok" in answer) pending?.resolve(answer.ok);
    else pending?.reject(new DriverError(answer.error));
  }

  #onExit(message: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(`${message}\n${this.log}`));
    this.#pending.clear();
  }
}

/** A command under way. */
export type Sent<Ok extends object = object> = Promise<Ok> & {
  /** What `cancel` names. */
  readonly id: number;
};

/** What a driver answered instead of `ok`. */
export class DriverError extends Error {
  override readonly name = "DriverError";
  readonly code: string;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly fieldViolations: Failure["fieldViolations"];

  constructor({ code, reason, message, retryAfterMs, fieldViolations }: Failure) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.fieldViolations = fieldViolations;
  }
}

interface Pending {
  readonly resolve: (ok: object) => void;
  readonly reject: (error: Error) => void;
  readonly onNext: (value: object) => void;
}
