import dev.pawl.Worker;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Finds a prime. {@code java PolyglotWorker ADDRESS IDENTITY} */
public final class PolyglotWorker {
  /** What the task is given. */
  record Quotation(String text) {}

  /** What it returns. */
  record Prime(String prime, int bits, int distance, String by) {}

  private PolyglotWorker() {}

  public static void main(String[] args) {
    try (Worker worker = Worker.builder().address(args[0]).identity(args[1]).build()) {
      worker.task("polyglot:prime", Quotation.class, (quotation, context) -> primeAfter(quotation.text()));
      worker.run(); // until SIGINT or SIGTERM
    }
  }

  private static Prime primeAfter(String text) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    BigInteger number = new BigInteger(1, hash);
    BigInteger prime = number.nextProbablePrime();
    int distance = prime.subtract(number).intValueExact();
    return new Prime(prime.toString(), prime.bitLength(), distance, "Java " + System.getProperty("java.version"));
  }
}
