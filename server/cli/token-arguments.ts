/**
 * The arguments with task tokens as they may stand on a command line.
 *
 * A token is base64url text, and one in 64 begins with "-", which would make it an option. Base64's own
 * letter for that is "+", and the service reads both.
 */
export function tokenArguments(args: readonly string[]): readonly string[] {
  if (!args.includes("task")) return args;
  return args.map((arg) => (tokenLikeOption.test(arg) ? `+${arg.slice(1)}` : arg));
}

/** 40 bytes. */
const tokenLikeOption = /^-[\w-]{53}$/;
