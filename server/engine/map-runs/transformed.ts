import { isArray, parseJson, stringifyJson, type WriterArguments } from "../../asl/index.ts";
import type { ChildResult } from "../../store/sql/map-run-children.ts";
import { describeChild } from "./describe-child.ts";

/** ASL § WriterConfig, Transformation: what stands for one child. */
export function transformed(
  child: ChildResult,
  writer: WriterArguments | undefined,
): readonly string[] {
  const output = child.output ?? "null";
  switch (writer?.config["Transformation"]) {
    case "NONE":
      return [JSON.stringify(describeChild(child))];
    case "FLATTEN": {
      const value = parseJson(output);
      return isArray(value) ? value.map((item) => stringifyJson(item)) : [output];
    }
    default:
      return [output];
  }
}
