import { parseJson, type Json } from "../asl/index.ts";
import { ObjectError } from "./object-store.ts";

/** One JSON value a line. Lines without any are passed over. */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  const valueOf = (text: string): Json => {
    try {
      return parseJson(text);
    } catch {
      throw new ObjectError(`line ${line} is not JSON`);
    }
  };
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      line += 1;
      if (text.trim() !== "") yield valueOf(text);
    }
  }
  line += 1;
  if (rest.trim() !== "") yield valueOf(rest);
}
