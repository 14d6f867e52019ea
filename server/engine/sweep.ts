export interface SweepOptions {
  /** Does all there is to do now. */
  readonly look: () => Promise<void>;
  readonly everyMs: number;
  /** How soon it looks when it was told of something. */
  readonly soonMs?: number;
  readonly onError: (error: unknown) => void;
}

/** A look at the database that is repeated while the server runs: it finds what nobody has told this server of. */
export class Sweep {
  readonly #options: SweepOptions;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** Something came while it was looking. */
  #isMissed = false;
  #isStopped = false;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  start(): void {
    this.#lookIn(this.#options.everyMs);
  }

  /** No more looks begin, and what goes wrong with the present one is nobody's concern. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  soon(): void {
    if (this.#isLooking) this.#isMissed = true;
    else this.#lookIn(this.#options.soonMs ?? 0);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#look(), ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { look, everyMs, soonMs = 0, onError } = this.#options;
    this.#isLooking = true;
    this.#isMissed = false;
    try {
      await look();
    } catch (error) {
      if (!this.#isStopped) onError(error);
    }
    this.#isLooking = false;
    this.#lookIn(this.#isMissed ? soonMs : everyMs);
  }
}
