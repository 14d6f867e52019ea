package dev.pawl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract's enums as the SDK's: the same names without the prefix. */
final class Enums {
  private static final Map<Enum<?>, Enum<?>> KNOWN = new ConcurrentHashMap<>();

  private Enums() {}

  /** UNSPECIFIED for a name that the SDK does not know. */
  static <E extends Enum<E>> E of(Class<E> type, Enum<?> message, String prefix) {
    return type.cast(KNOWN.computeIfAbsent(message, key -> find(type, key.name(), prefix)));
  }

  private static <E extends Enum<E>> E find(Class<E> type, String name, String prefix) {
    for (E constant : type.getEnumConstants()) if (name.equals(prefix + constant.name())) return constant;
    return Enum.valueOf(type, "UNSPECIFIED");
  }
}
