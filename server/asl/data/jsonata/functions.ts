/** The functions that an expression can call: JSONata's own, AWS's, all of them counted. */
import { isArray, parseJson } from "../../json.ts";
import type { Json } from "../../json.ts";
import { hash } from "../intrinsics/hash.ts";
import { seededRandom } from "../intrinsics/math.ts";
import { sequenceItemsMax } from "./budget.ts";
import { builtIns } from "./frame.ts";
import type { Bind, Focus } from "./frame.ts";
import { shadowed } from "./shadowed.ts";
import type { Implementation } from "./shadowed.ts";

/** What AWS adds to JSONata. */
const added: Readonly<Record<string, Implementation>> = {
  partition(this: Focus, items: unknown, size: unknown) {
    if (items === undefined) return undefined;
    const whole = integer("$partition", "chunk size", size);
    if (whole < 1) throw new Error(`$partition: chunk size ${whole} is not positive`);
    const all = Array.isArray(items) ? (items as unknown[]) : [items];
    return Array.from({ length: Math.ceil(all.length / whole) }, (_, i) =>
      all.slice(i * whole, (i + 1) * whole),
    );
  },
  range(this: Focus, first: unknown, last: unknown, step: unknown) {
    const [from, to, by] = [
      integer("$range", "first", first),
      integer("$range", "last", last),
      integer("$range", "step", step),
    ];
    if (by === 0) throw new Error("$range: step is 0");
    const length = Math.max(0, Math.floor((to - from) / by) + 1);
    if (length > sequenceItemsMax)
      throw new Error(`$range: ${length} items are more than the limit of ${sequenceItemsMax}`);
    const result = this.createSequence();
    for (let i = 0; i < length; i += 1) result.push(from + i * by);
    return result;
  },
  hash(this: Focus, data: unknown, algorithm: unknown) {
    if (data === undefined) return undefined;
    return hash([data as Json, algorithm as Json], this.environment.base.session.turn);
  },
  random(this: Focus, seed?: unknown) {
    if (seed === undefined) return this.environment.base.session.turn.random();
    return seededRandom(integer("$random", "seed", seed));
  },
  uuid(this: Focus) {
    return this.environment.base.session.turn.newUuid();
  },
  parse(this: Focus, text: unknown) {
    if (text === undefined) return undefined;
    if (typeof text !== "string") throw new Error("$parse: the argument must be a string");
    return plainNumbers(parseJson(text));
  },
};

function integer(name: string, argument: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new Error(`${name}: ${argument} must be a number`);
  return Math.floor(value + 0.5);
}

/** Numbers of any precision as doubles. */
function plainNumbers(value: Json): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return value.map(plainNumbers);
  if ("rawJSON" in value) return Number(value.rawJSON);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainNumbers(item)]));
}

/** Whether `$name` is a function unless a variable has taken its name. */
export function isFunctionName(name: string): boolean {
  return Object.hasOwn(added, name) || name === "eval" || builtIns(name) !== undefined;
}

/**
 * Gives an expression its functions.
 *
 * @param names those it mentions. `$eval` is refused, as on AWS: it is nothing that could be called.
 */
export function bindFunctions(bind: Bind, names: Iterable<string>): void {
  for (const name of names) {
    if (name === "eval") bind(name, undefined);
    else bindFunction(bind, name);
  }
}

function bindFunction(bind: Bind, name: string): void {
  const builtIn = builtIns(name);
  const own = Object.hasOwn(added, name)
    ? added[name]
    : Object.hasOwn(shadowed, name)
      ? shadowed[name]
      : undefined;
  const implementation = own ?? builtIn?.implementation;
  if (implementation === undefined) return;
  bind(name, {
    _jsonata_function: true,
    implementation: counted(implementation, builtIn?.implementation ?? implementation),
    // AWS's $random takes a seed.
    ...(builtIn?.signature !== undefined && name !== "random" && { signature: builtIn.signature }),
  });
}

/** Every call costs what its arguments weigh, and is a place to let other executions run. */
function counted(implementation: Implementation, shape: Implementation): Implementation {
  function call(this: Focus, ...args: never[]): unknown {
    const { budget } = this.environment.base.session;
    let work = 1;
    for (const argument of args as unknown[]) {
      if (typeof argument === "string") work += argument.length >> 8;
      else if (Array.isArray(argument)) work += argument.length >> 4;
      budget.admit(argument);
    }
    budget.spend(work);
    const pause = budget.pauseIfDue();
    if (pause === undefined) return implementation.apply(this, args);
    return pause.then(() => implementation.apply(this, args));
  }
  // JSONata reads how many arguments a function takes, and what they are called.
  Object.defineProperty(call, "length", { value: shape.length });
  Object.defineProperty(call, "toString", { value: () => shape.toString() });
  return call;
}
