package dev.pawl;

import dev.pawl.testing.PawlServer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The server of this repository, with the Node.js that {@code npm ci} has installed. */
final class TestServer {
  private TestServer() {}

  static PawlServer start() {
    if (System.getenv("PAWL_COMMAND") != null) return PawlServer.start();
    Path root = Path.of("").toAbsolutePath().resolve("../..").normalize();
    Path node = root.resolve("node_modules/.bin/node");
    if (!Files.exists(node)) throw new IllegalStateException("no " + node + ": run npm ci in " + root);
    return PawlServer.start(node.toString(), root.resolve("bin/pawl.mjs").toString());
  }
}
