package dev.pawl.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server for tests: {@code pawl dev} on a free port, with a database that is thrown away.
 *
 * <pre>{@code
 * try (PawlServer server = PawlServer.start(); Client client = Client.connect(server.address())) { ... }
 * }</pre>
 */
public final class PawlServer implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final Process process;
  private final String address;

  private PawlServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a server and waits until it serves: the command of the environment variable {@code PAWL_COMMAND} (words
   * separated by blanks), else {@code pawl} on the PATH.
   *
   * @throws IllegalStateException when it can not be started; says what was tried
   */
  public static PawlServer start() {
    String command = System.getenv("PAWL_COMMAND");
    return command == null || command.isBlank() ? start("pawl") : start(command.strip().split("\\s+"));
  }

  /**
   * Starts a server with this command, for example {@code start("node", "bin/pawl.mjs")}.
   *
   * @throws IllegalStateException when it can not be started; says what was tried
   */
  public static PawlServer start(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("dev", "--ephemeral", "--port", "0", "--json"));
    Process process;
    try {
      process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "can not run \"" + String.join(" ", words) + "\": set PAWL_COMMAND, or put pawl on the PATH", e);
    }
    try {
      return new PawlServer(process, addressFrom(process, words));
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** {@code host:port}. */
  public String address() {
    return address;
  }

  /** The server's process, for tests that end it their own way. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Stops the server; its data is gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The first line says where the server listens; it comes when it serves. */
  private static String addressFrom(Process process, List<String> words) {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    try {
      String line = CompletableFuture.supplyAsync(() -> readLine(out))
          .orTimeout(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .join();
      if (line == null) throw new IllegalStateException("\"" + String.join(" ", words) + "\" ended before it served");
      JsonNode started = new ObjectMapper().readTree(line);
      return "127.0.0.1:" + started.required("port").asInt();
    } catch (IOException | CompletionException e) {
      throw new IllegalStateException("\"" + String.join(" ", words) + "\" does not serve", e);
    }
  }

  private static @Nullable String readLine(BufferedReader out) {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
