/** Checks of fields that hold JSONata, and of Assign in both languages. */
import { compileQueryTemplate } from "../data/jsonata/template.ts";
import type { Json } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";
import type { QueryLanguage } from "./definition.ts";
import type { At, Check } from "./fields.ts";
import { clip, inside, report, shown, template } from "./fields.ts";

/** Characters that a variable's name may have; AWS's limit. */
export const variableNameLengthMax = 80;

/** Any JSON with expressions in it. */
export const queries: Check = (value, at) => {
  compileQueryTemplate(value, {
    field: at.field,
    report: ({ pointer, source, error }) => {
      at.findings.add({
        code: error.code,
        awsCode: "INVALID_JSONATA_EXPRESSION",
        message: `The JSONata expression '${clip(source)}' is not valid: ${error.message}`,
        pointer: at.pointer + pointer,
      });
    },
  });
};

/** One expression, or what `check` takes. */
export function queryOr(check: Check): Check {
  return (value, at) => {
    if (typeof value === "string" && value.startsWith("{%")) queries(value, at);
    else check(value, at);
  };
}

/** Items: an array, or one expression. */
export const items: Check = (value, at) => {
  if (Array.isArray(value) || (typeof value === "string" && value.startsWith("{%")))
    return queries(value, at);
  report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
};

/** ASL § Assign: an object whose keys are names of variables. */
export const assign: Check = (value, at) => {
  if (!isObject(value))
    return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(value)}`);
  if (at.language === "JSONata") queries(value, at);
  else template(value, at);
  for (const name of assignedNames(value, at)) checkName(name, inside(at, name.key));
};

interface AssignedName {
  /** As it stands in the definition, with `.$`. */
  readonly key: string;
  readonly name: string;
}

/** Names that an Assign sets. */
function assignedNames(
  value: Json | undefined,
  { language }: Pick<At, "language">,
): readonly AssignedName[] {
  if (!isObject(value)) return [];
  return Object.keys(value).map((key) => ({
    key,
    name: language === "JSONPath" && key.endsWith(".$") ? key.slice(0, -2) : key,
  }));
}

function checkName({ name }: AssignedName, at: At): void {
  const length = Array.from(name).length;
  if (name === "states") {
    report(at, "VARIABLE_NAME", "the variable name 'states' is reserved");
  } else if (length > variableNameLengthMax) {
    const message = `variable name is ${length} characters; the limit is ${variableNameLengthMax}`;
    report(at, "VARIABLE_NAME", message);
  } else if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
    const message = `variable name '${clip(name)}' must start with a letter and have letters, digits and _ only`;
    report(at, "VARIABLE_NAME", message);
  }
}

/** Everything that a state assigns: itself, its Choice Rules and its Catchers. */
export function assignments(
  state: Json,
  language: QueryLanguage,
): readonly { readonly name: string; readonly pointer: string }[] {
  if (!isObject(state)) return [];
  const at = { language: state["QueryLanguage"] === "JSONata" ? "JSONata" : language } as const;
  const of = (holder: Json, pointer: string) =>
    assignedNames(isObject(holder) ? holder["Assign"] : undefined, at).map(({ key, name }) => ({
      name,
      pointer: `${pointer}/Assign/${pointerSegment(key)}`,
    }));
  const rules = ["Choices", "Catch"].flatMap((field) => {
    const list = state[field];
    return isArray(list) ? list.flatMap((rule, index) => of(rule, `/${field}/${index}`)) : [];
  });
  return [...of(state, ""), ...rules];
}
