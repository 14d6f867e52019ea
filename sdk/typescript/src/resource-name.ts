/**
 * The handler name that a spelling of a Resource leads to.
 *
 * `arn:aws:lambda:::<name>` and `arn:aws:states:::lambda:function:<name>` name it plainly (a name may hold
 * colons); `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` as AWS does;
 * anything else, an activity's ARN too, is a name itself.
 */
export function resourceName(resource: string): string {
  const plain = /^arn:aws:(?:lambda:::|states:::lambda:function:)(.+)$/.exec(resource);
  if (plain?.[1] !== undefined) return plain[1];
  const lambda = /^arn:aws[\w-]*:lambda:[\w-]+:\d*:function:([^:]+)(?::[^:]+)?$/.exec(resource);
  return lambda?.[1] ?? resource;
}

/** True when what a worker registered (a name, or a prefix with `*`) serves the resource of a task. */
export function servesResource(registered: string, resource: string): boolean {
  if (registered === resource) return true;
  const name = resourceName(registered);
  return name.endsWith("*")
    ? resourceName(resource).startsWith(name.slice(0, -1))
    : name === resourceName(resource);
}
