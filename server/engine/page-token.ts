import { createHmac, timingSafeEqual } from "node:crypto";
import { EngineError } from "./errors.ts";

/**
 * Signs where a list goes on. A token is opaque, works on every server of the database, and only for
 * the list and filter it was made for; the page size may change between pages.
 */
export class PageTokens {
  readonly #key: Buffer;

  /** @param tokenKey the database's key; what signs pages is derived from it, so no token passes for another kind. */
  constructor(tokenKey: Buffer) {
    this.#key = createHmac("sha256", tokenKey).update("page").digest();
  }

  /** @param query the list's name and its filters, not the page's size. */
  seal(query: PageQuery, position: readonly (string | number)[]): string {
    const text = Buffer.from(JSON.stringify(position), "utf8");
    return Buffer.concat([this.#sign(query, text), text]).toString("base64url");
  }

  /**
   * The position in a token; undefined without one.
   * @throws EngineError InvalidToken, reason PAGE_TOKEN, for anything but an untouched token of this list and filter.
   */
  open(query: PageQuery, token: string | undefined): readonly (string | number)[] | undefined {
    if (token === undefined || token === "") return undefined;
    const bytes =
      token.length > tokenCharactersMax ? Buffer.alloc(0) : Buffer.from(token, "base64url");
    const text = bytes.subarray(signatureBytes);
    // Decoding skips what is not base64url, so a token must also be spelled as it was made.
    const isSpelled = bytes.toString("base64url") === token && text.length > 0;
    if (!isSpelled || !timingSafeEqual(bytes.subarray(0, signatureBytes), this.#sign(query, text)))
      throw invalidToken();
    return JSON.parse(text.toString("utf8")) as readonly (string | number)[];
  }

  #sign(query: PageQuery, text: Buffer): Buffer {
    const filters = Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const mac = createHmac("sha256", this.#key)
      .update(JSON.stringify(filters))
      .update("\0")
      .update(text);
    return mac.digest().subarray(0, signatureBytes);
  }
}

/** What a token is bound to. */
export interface PageQuery {
  readonly list: string;
  readonly [filter: string]: string | number | boolean | undefined;
}

const signatureBytes = 16;
const tokenCharactersMax = 1_024;

function invalidToken(): EngineError {
  return new EngineError("InvalidToken", "Invalid Token: 'Invalid token'", {
    reason: "PAGE_TOKEN",
    violations: [
      {
        field: "page_token",
        description: "is not a token of this list with these filters; start from the first page",
        reason: "PAGE_TOKEN",
      },
    ],
  });
}

export const pageSizeDefault = 100;
export const pageSizeMax = 1_000;

/** Items a page has: 100 where nothing (or 0) is asked for, never more than 1,000. */
export function pageSizeOf(asked: number | undefined): number {
  if (asked === undefined || asked === 0) return pageSizeDefault;
  if (!Number.isInteger(asked) || asked < 0) {
    throw new EngineError(
      "ValidationException",
      `page size is ${asked}; it is a whole number from 0 to ${pageSizeMax}`,
      {
        reason: "PAGE_SIZE",
        violations: [{ field: "page_size", description: `is ${asked}`, reason: "PAGE_SIZE" }],
      },
    );
  }
  return Math.min(asked, pageSizeMax);
}
