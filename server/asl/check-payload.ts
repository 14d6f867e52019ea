/** Whether a text that a client or a worker sent can be a payload. Linear in its length. */
import { scanJson } from "./json-scan.ts";
import { surveyJson } from "./survey-json.ts";
import { utf8Length } from "./utf8-length.ts";

/** Why a text is refused as input, output or message. */
export interface PayloadProblem {
  readonly reason:
    | "INPUT_TOO_LARGE"
    | "INPUT_SYNTAX"
    | "NESTING_TOO_DEEP"
    | "NUL_CHARACTER"
    | "MALFORMED_UNICODE"
    | "NUMBER_RANGE";
  readonly message: string;
  /** Index into the text in UTF-16 units, where the problem has a place. */
  readonly offset?: number;
}

export interface PayloadLimits {
  readonly bytesMax: number;
  /** {@link payloadDepthMax} unless given. */
  readonly depthMax?: number;
}

/** Objects and arrays one inside the other that a payload may have. */
export const payloadDepthMax = 100;

/** @returns what is wrong, or `undefined` for a JSON text within the limits. */
export function checkPayload(
  text: string,
  { bytesMax, depthMax = payloadDepthMax }: PayloadLimits,
): PayloadProblem | undefined {
  const refused = sizeProblem(text, bytesMax) ?? unicodeProblem(text);
  if (refused !== undefined) return refused;
  const { tooDeepAt, hasInexactNumber } = surveyJson(text, depthMax);
  if (tooDeepAt !== undefined) return tooDeep(depthMax, tooDeepAt);
  return syntaxProblem(text, depthMax) ?? (hasInexactNumber ? numberProblem(text) : undefined);
}

function sizeProblem(text: string, bytesMax: number): PayloadProblem | undefined {
  if (text.length * 3 <= bytesMax) return undefined;
  const bytes = utf8Length(text);
  if (bytes <= bytesMax) return undefined;
  const message = `input is ${bytes.toLocaleString("en")} bytes; the limit is ${bytesMax.toLocaleString("en")}`;
  return { reason: "INPUT_TOO_LARGE", message };
}

function unicodeProblem(text: string): PayloadProblem | undefined {
  if (!text.isWellFormed())
    return { reason: "MALFORMED_UNICODE", message: "input has a lone surrogate" };
  return text.includes("\\u") ? escapeProblem(text) : undefined;
}

const escape = /\\(?:u([0-9a-fA-F]{4})|.)/gs;

function escapeProblem(text: string): PayloadProblem | undefined {
  let high: number | undefined;
  for (const match of text.matchAll(escape)) {
    const unit = match[1] === undefined ? undefined : Number.parseInt(match[1], 16);
    const isLow = unit !== undefined && unit >= 0xdc00 && unit <= 0xdfff;
    if (high !== undefined && !(isLow && match.index === high + 6)) return loneSurrogate(high);
    if (isLow && high === undefined) return loneSurrogate(match.index);
    if (unit === 0) {
      return {
        reason: "NUL_CHARACTER",
        message: "input has the character \\u0000",
        offset: match.index,
      };
    }
    high = unit !== undefined && unit >= 0xd800 && unit <= 0xdbff ? match.index : undefined;
  }
  return high === undefined ? undefined : loneSurrogate(high);
}

function loneSurrogate(offset: number): PayloadProblem {
  return {
    reason: "MALFORMED_UNICODE",
    message: "input has an escape that is half of a surrogate pair",
    offset,
  };
}

function tooDeep(depthMax: number, offset: number): PayloadProblem {
  return {
    reason: "NESTING_TOO_DEEP",
    message: `input is nested deeper than ${depthMax}`,
    offset,
  };
}

function syntaxProblem(text: string, depthMax: number): PayloadProblem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { problem } = scanJson(text, { depthMax });
    return {
      reason: "INPUT_SYNTAX",
      message: problem?.message ?? "input is not JSON",
      ...(problem !== undefined && { offset: problem.offset }),
    };
  }
}

const largeNumber = /[eE]\+?[0-9]{2}|[0-9]{200}/;

/** A number beyond a double's range, such as 1e400. */
function numberProblem(text: string): PayloadProblem | undefined {
  if (!largeNumber.test(text)) return undefined;
  let found: string | undefined;
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value === "number" && !Number.isFinite(value)) found ??= context?.source;
    return value;
  });
  if (found === undefined) return undefined;
  const shown = found.length > 64 ? `${found.slice(0, 64)}...` : found;
  return { reason: "NUMBER_RANGE", message: `number ${shown} is beyond the range of a double` };
}
