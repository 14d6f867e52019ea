import { AwsError } from "./aws-error.ts";

/**
 * What a request may look like: AWS's service model as data. A field that breaks a constraint is
 * reported with the model's own text; all of them at once. Fields that no shape names are ignored.
 */
export type Shape = { readonly [field: string]: Field };

export type Field = Required &
  (StringField | NumberField | BooleanField | StructureField | ListField);

interface Required {
  readonly isRequired?: boolean;
}

export interface StringField {
  readonly kind: "string";
  /** Characters (UTF-16 code units), as AWS counts them. */
  readonly lengthMin?: number;
  readonly lengthMax?: number;
  readonly pattern?: RegExp;
  /** Not echoed in messages. */
  readonly isSensitive?: boolean;
  /** The enum, in AWS's order. */
  readonly values?: readonly string[];
}

export interface NumberField {
  /** What comes as a fraction for an integer is cut off. */
  readonly kind: "integer" | "number";
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanField {
  readonly kind: "boolean";
}

export interface StructureField {
  readonly kind: "structure";
  /** The shape's name, for messages. */
  readonly name?: string;
  readonly fields: Shape;
}

export interface ListField {
  readonly kind: "list";
  readonly lengthMin?: number;
  readonly lengthMax?: number;
  readonly member: Field;
}

/** The type of a request of this shape. */
export type InputOf<S extends Shape> = {
  readonly [K in keyof S as S[K] extends { isRequired: true } ? K : never]: ValueOf<S[K]>;
} & { readonly [K in keyof S as S[K] extends { isRequired: true } ? never : K]?: ValueOf<S[K]> };

type ValueOf<F> = F extends { kind: "string"; values: readonly (infer V)[] }
  ? V
  : F extends { kind: "string" }
    ? string
    : F extends { kind: "integer" | "number" }
      ? number
      : F extends { kind: "boolean" }
        ? boolean
        : F extends { kind: "structure"; fields: infer S extends Shape }
          ? InputOf<S>
          : F extends { kind: "list"; member: infer M }
            ? readonly ValueOf<M>[]
            : never;

/**
 * Reads a request: its named fields, checked. On the wire a null means absent.
 * @throws AwsError SerializationException for a wrong JSON type, ValidationException for a broken constraint
 */
export function readInput<S extends Shape>(shape: S, body: JsonRecord): InputOf<S> {
  const violations: string[] = [];
  const input = readStructure(shape, body, "", violations);
  if (violations.length === 0) return input as InputOf<S>;
  const plural = violations.length === 1 ? "error" : "errors";
  throw new AwsError(
    "ValidationException",
    `${violations.length} validation ${plural} detected: ${violations.join("; ")}`,
  );
}

export type JsonRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readStructure(
  shape: Shape,
  body: JsonRecord,
  path: string,
  violations: string[],
): JsonRecord {
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const at = path === "" ? name : `${path}.${name}`;
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined || value === null) {
      if (field.isRequired === true)
        violations.push(
          `Value null at '${at}' failed to satisfy constraint: Member must not be null`,
        );
    } else {
      result[name] = readField(field, value, at, violations);
    }
  }
  return result;
}

function readField(field: Field, value: unknown, at: string, violations: string[]): unknown {
  switch (field.kind) {
    case "string":
      if (typeof value !== "string") throw wrongType(value, at, "a String");
      for (const constraint of brokenByText(field, value)) {
        violations.push(violation(field.isSensitive === true ? undefined : value, at, constraint));
      }
      return value;
    case "integer":
    case "number":
      if (typeof value !== "number")
        throw wrongType(value, at, field.kind === "integer" ? "an Integer" : "a Float");
      for (const constraint of brokenByNumber(field, value))
        violations.push(violation(String(value), at, constraint));
      return field.kind === "integer" ? Math.trunc(value) : value;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(value, at, "a Boolean");
      return value;
    case "structure":
      if (!isRecord(value)) throw wrongType(value, at, "a Structure");
      return readStructure(field.fields, value, at, violations);
    case "list":
      if (!Array.isArray(value)) throw wrongType(value, at, "a List");
      for (const constraint of brokenByLength(field, value.length))
        violations.push(violation(shownList(field, value), at, constraint));
      return value.map((member, index) => {
        if (member === null) throw wrongType(member, `${at}.${index + 1}.member`, "a list member");
        return readField(field.member, member, `${at}.${index + 1}.member`, violations);
      });
  }
}

function brokenByLength(
  { lengthMin = 0, lengthMax = Infinity }: StringField | ListField,
  length: number,
): readonly string[] {
  if (length < lengthMin) return [`Member must have length greater than or equal to ${lengthMin}`];
  if (length > lengthMax) return [`Member must have length less than or equal to ${lengthMax}`];
  return [];
}

function brokenByText(field: StringField, value: string): readonly string[] {
  const broken = [...brokenByLength(field, value.length)];
  const { pattern, values } = field;
  if (pattern !== undefined && !pattern.test(value))
    broken.push(`Member must satisfy regular expression pattern: ${pattern.source}`);
  if (values !== undefined && !values.includes(value))
    broken.push(`Member must satisfy enum value set: [${values.join(", ")}]`);
  return broken;
}

function brokenByNumber(
  { min = -Infinity, max = Infinity }: NumberField,
  value: number,
): readonly string[] {
  if (value < min) return [`Member must have value greater than or equal to ${min}`];
  if (value > max) return [`Member must have value less than or equal to ${max}`];
  return [];
}

const violation = (value: string | undefined, at: string, constraint: string) =>
  `Value ${value === undefined ? "" : `'${shortened(value)}' `}at '${at}' failed to satisfy constraint: ${constraint}`;

/** As Java prints it: `[Name(field=value, field=value)]`. */
function shownList({ member }: ListField, values: readonly unknown[]): string {
  const shown = values.map((value) => {
    if (member.kind !== "structure" || !isRecord(value)) return shownValue(value);
    const fields = Object.keys(member.fields).map((key) => `${key}=${shownValue(value[key])}`);
    return `${member.name ?? ""}(${fields.join(", ")})`;
  });
  return `[${shown.join(", ")}]`;
}

const shownValue = (value: unknown) =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

/** AWS echoes the whole value; a megabyte of it helps nobody. */
const echoedLengthMax = 4_096;
const shortened = (value: string) =>
  value.length > echoedLengthMax ? `${value.slice(0, 64)}…` : value;

function wrongType(value: unknown, at: string, wanted: string): AwsError {
  return new AwsError(
    "SerializationException",
    `${jsonTypeOf(value)} can not be converted to ${wanted} at '${at}'`,
  );
}

function jsonTypeOf(value: unknown): string {
  if (value === null) return "NULL_VALUE";
  if (typeof value === "string") return "STRING_VALUE";
  if (typeof value === "number") return "NUMBER_VALUE";
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  return Array.isArray(value) ? "START_ARRAY" : "START_OBJECT";
}
