/** The name of an enum's number without its prefix; UNSPECIFIED for a number newer than this package. */
export function enumName<Name extends string>(
  names: ReadonlyMap<number, Name>,
  value: number,
): Name | "UNSPECIFIED" {
  return names.get(value) ?? "UNSPECIFIED";
}

/** Number to name, for one of the generated enums. */
export function namesOf<Enum extends Readonly<Record<string, number>>>(
  values: Enum,
): ReadonlyMap<number, Extract<keyof Enum, string>> {
  return new Map(
    Object.entries(values).map(([name, value]) => [value, name as Extract<keyof Enum, string>]),
  );
}
