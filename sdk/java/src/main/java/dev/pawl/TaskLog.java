package dev.pawl;

import dev.pawl.v1.LogLine;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A handler's log: the worker's, with the task's place before each line, and kept for the outcome. */
final class TaskLog implements System.Logger {
  /** Characters of log that travel with an outcome. */
  private static final int CHARS_MAX = 16 * 1024;

  private final System.Logger log;
  private final String place;
  private final List<LogLine> lines = new ArrayList<>();
  private int chars;

  TaskLog(System.Logger log, String place) {
    this.log = log;
    this.place = place;
  }

  synchronized List<LogLine> lines() {
    return List.copyOf(lines);
  }

  @Override
  public String getName() {
    return log.getName();
  }

  @Override
  public boolean isLoggable(Level level) {
    return log.isLoggable(level) || isKept(level);
  }

  @Override
  public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
    log.log(level, place + message, thrown);
    keep(level, thrown == null ? message : message + " " + thrown);
  }

  @Override
  public void log(Level level, @Nullable ResourceBundle bundle, String format, Object @Nullable ... params) {
    String message = params == null || params.length == 0 ? format : MessageFormat.format(format, params);
    log.log(level, place + message);
    keep(level, message);
  }

  private static boolean isKept(Level level) {
    return level.getSeverity() >= Level.INFO.getSeverity() && level != Level.OFF;
  }

  private synchronized void keep(Level level, String message) {
    if (!isKept(level)) return;
    chars += message.length();
    if (chars > CHARS_MAX) return;
    String name = level == Level.WARNING ? "warn" : level.name().toLowerCase(Locale.ROOT);
    lines.add(LogLine.newBuilder()
        .setTime(Times.protoOf(Instant.now()))
        .setLevel(name)
        .setMessage(message)
        .build());
  }
}
