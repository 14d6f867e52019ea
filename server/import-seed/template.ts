/**
 * Parameters and ResultSelector. In the library any string that starts with `$` is a path; in the
 * Amazon States Language it is a text, unless its key ends in `.$`.
 */
import { isArray, isObject, pointerSegment, stringifyJson } from "../asl/index.ts";
import type { Json } from "../asl/index.ts";
import type { Notes } from "./notes.ts";

export function importTemplate(template: Json, notes: Notes): Json {
  if (isArray(template))
    return template.map((item, index) => {
      const place = notes.at(String(index));
      noteDollarText(item, place, "a path can not stand in a list of objects");
      return importTemplate(item, place);
    });
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => {
      const place = notes.at(pointerSegment(key));
      if (key.endsWith(".$")) {
        place.look("KEY_SUFFIX", `handlers get ${key.slice(0, -2)}, no longer ${key}`);
        return [key, value];
      }
      const expression = expressionOf(value);
      if (expression === undefined) {
        noteDollarText(value, place, "it is no path");
        return [key, importTemplate(value, place)];
      }
      if (Object.hasOwn(template, `${key}.$`)) {
        place.look("DOLLAR_TEXT", `stays a text, because ${key}.$ is there, too`);
        return [key, value];
      }
      place.changed("PATH_VALUE", `a path is written ${key}.$`);
      return [`${key}.$`, expression];
    }),
  );
}

/** What stands under a key with `.$` for a value that is a path, or a list of paths and plain values. */
function expressionOf(value: Json): string | undefined {
  if (typeof value === "string" && isPath(value)) return value;
  if (!isArray(value) || !value.some(isPath)) return undefined;
  const items = value.map(argumentOf);
  return items.includes(undefined) ? undefined : `States.Array(${items.join(", ")})`;
}

function argumentOf(value: Json): string | undefined {
  if (typeof value === "string") {
    if (isPath(value)) return value;
    return /^[^'\\{}$]*$/.test(value) ? `'${value}'` : undefined;
  }
  return isArray(value) || isObject(value) ? undefined : stringifyJson(value);
}

/** The paths that the library has: names and indexes. `$$` it has not; who writes it means the Context object. */
function isPath(value: Json): boolean {
  return typeof value === "string" && /^\$(?:\$\.[\w-]+)?(?:\.[\w-]+|\[\d+\])*$/.test(value);
}

function noteDollarText(value: Json, notes: Notes, why: string): void {
  if (typeof value === "string" && value.startsWith("$"))
    notes.look("DOLLAR_TEXT", `stays the text "${value}": ${why}`);
}
