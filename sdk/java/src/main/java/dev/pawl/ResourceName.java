package dev.pawl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the spellings of a Resource lead to. */
final class ResourceName {
  private static final Pattern PLAIN = Pattern.compile("arn:aws:(?:lambda:::|states:::lambda:function:)(.+)");
  private static final Pattern LAMBDA =
      Pattern.compile("arn:aws[\\w-]*:lambda:[\\w-]+:\\d*:function:([^:]+)(?::[^:]+)?");

  private ResourceName() {}

  /**
   * The handler name that a spelling leads to: {@code arn:aws:lambda:::<name>} and
   * {@code arn:aws:states:::lambda:function:<name>} name it plainly, {@code arn:aws:lambda:<region>:<account>:function:<name>}
   * with or without a qualifier as AWS does; anything else, an activity's ARN too, is a name itself.
   */
  static String of(String resource) {
    Matcher plain = PLAIN.matcher(resource);
    if (plain.matches()) return plain.group(1);
    Matcher lambda = LAMBDA.matcher(resource);
    return lambda.matches() ? lambda.group(1) : resource;
  }

  /** Whether what a worker registered (a name, or a prefix with {@code *}) serves the resource of a task. */
  static boolean serves(String registered, String resource) {
    if (registered.equals(resource)) return true;
    String name = of(registered);
    return name.endsWith("*")
        ? of(resource).startsWith(name.substring(0, name.length() - 1))
        : name.equals(of(resource));
  }
}
