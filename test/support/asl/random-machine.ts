/** Machines of random shape: every kind of state, nested, with Retry and Catch. Same seed, same machine. */
export interface RandomMachine {
  readonly source: Record<string, unknown>;
  /** A number in [0, 1) that depends on the seed and the key alone. */
  readonly chance: (key: string) => number;
}

export function randomMachine(seed: number, depth = 3): RandomMachine {
  const generator = new Generator(seed);
  const source = generator.body(depth);
  const salt = generator.below(1_000_000);
  return { source, chance: (key) => (hash(`${salt}:${key}`) % 10_000) / 10_000 };
}

type State = Record<string, unknown>;

class Generator {
  #seed: number;
  #names = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    this.#seed = hash(`${this.#seed}`);
    return this.#seed % bound;
  }

  body(depth: number): { readonly StartAt: string; readonly States: Record<string, State> } {
    const names = Array.from({ length: 1 + this.below(3) }, () => this.#name());
    const handler = this.#name();
    const States: Record<string, State> = {};
    names.forEach((name, i) => {
      const next = names[i + 1];
      States[name] = {
        ...this.#state(depth, handler),
        ...(next === undefined ? { End: true } : { Next: next }),
      };
    });
    if (Object.values(States).some((state) => "Catch" in state))
      States[handler] = { Type: "Pass", End: true };
    return { StartAt: names[0] ?? "", States };
  }

  #state(depth: number, handler: string): State {
    const kinds = [this.#pass, this.#wait, this.#task, this.#task, this.#parallel, this.#map];
    const kind = kinds[this.below(depth > 0 ? kinds.length : 4)] ?? this.#pass;
    return kind.call(this, depth, handler);
  }

  #pass(): State {
    return { Type: "Pass", ResultPath: "$.pass" };
  }

  #wait(): State {
    return { Type: "Wait", Seconds: this.below(3) };
  }

  #task(_depth: number, handler: string): State {
    const timeout = this.below(3) === 0 ? { TimeoutSeconds: 1 } : {};
    return {
      Type: "Task",
      Resource: "work",
      ResultPath: "$.task",
      ...timeout,
      ...this.#errors(handler),
    };
  }

  #parallel(depth: number, handler: string): State {
    const Branches = Array.from({ length: 1 + this.below(3) }, () => this.body(depth - 1));
    return { Type: "Parallel", Branches, ResultPath: "$.all", ...this.#errors(handler) };
  }

  #map(depth: number, handler: string): State {
    return {
      Type: "Map",
      ItemsPath: "$.items",
      ItemSelector: { "items.$": "$.items", "item.$": "$$.Map.Item.Value" },
      ItemProcessor: this.body(depth - 1),
      ResultPath: "$.each",
      ...(this.below(2) === 0 && { MaxConcurrency: 1 + this.below(2) }),
      ...(this.below(3) === 0 && { ToleratedFailureCount: 1 }),
      ...this.#errors(handler),
    };
  }

  #errors(handler: string): State {
    const ErrorEquals = [this.below(2) === 0 ? "Busy" : "States.ALL"];
    return {
      ...(this.below(5) < 2 && { Retry: [{ ErrorEquals, IntervalSeconds: 1, MaxAttempts: 1 }] }),
      ...(this.below(5) < 2 && { Catch: [{ ErrorEquals, Next: handler, ResultPath: "$.caught" }] }),
    };
  }

  #name(): string {
    this.#names += 1;
    return `N${this.#names}`;
  }
}

/** FNV-1a, 31 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) & 0x7fffffff;
}
