/**
 * `X-Amzn-Trace-Id` texts (`Root=1-<8 hex>-<24 hex>;Parent=<16 hex>;Sampled=1`) and W3C traceparents
 * (`00-<32 hex>-<16 hex>-01`) say the same things: an AWS client gives the one, workers get the other.
 */

/** Undefined when the header is no complete X-Ray header. */
export function traceparentOf(traceHeader: string | undefined): string | undefined {
  if (traceHeader === undefined) return undefined;
  const parts = new Map(
    traceHeader
      .split(";")
      .map((part) => [
        part.slice(0, part.indexOf("=")).trim(),
        part.slice(part.indexOf("=") + 1).trim(),
      ]),
  );
  const root = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/.exec(parts.get("Root") ?? "");
  const parent = /^[0-9a-f]{16}$/.exec(parts.get("Parent") ?? "")?.[0];
  if (root === null || parent === undefined) return undefined;
  return `00-${root[1]}${root[2]}-${parent}-${parts.get("Sampled") === "1" ? "01" : "00"}`;
}

/** Undefined when the text is no traceparent. */
export function traceHeaderOf(traceparent: string | undefined): string | undefined {
  const match = /^00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(
    traceparent ?? "",
  );
  if (match === null) return undefined;
  return `Root=1-${match[1]}-${match[2]};Parent=${match[3]};Sampled=${Number.parseInt(match[4]!, 16) & 1}`;
}
