/** StringMatches: `*` stands for any text, `\*` for an asterisk, `\\` for a backslash. */

/** @throws SyntaxError for a backslash before anything else or at the end. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = literalParts(pattern);
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    // Each part is sought once, from where the one before it ended: linear for text that has them at all.
    let from = first.length;
    const end = text.length - last.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found === -1 || found + part.length > end) return false;
      from = found + part.length;
    }
    return true;
  };
}

/** What stands before, between and after the asterisks. */
function literalParts(pattern: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "*") {
      parts.push(part);
      part = "";
    } else if (character === "\\") {
      at += 1;
      const escaped = pattern[at];
      if (escaped !== "*" && escaped !== "\\")
        throw new SyntaxError("a backslash may only stand before * or \\");
      part += escaped;
    } else {
      part += character;
    }
  }
  return [...parts, part];
}
