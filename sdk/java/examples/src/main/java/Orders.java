import java.util.List;
import java.util.Map;

/** The state machine of the samples: one Task. */
final class Orders {
  static final String ADDRESS = System.getenv().getOrDefault("PAWL_ADDRESS", "localhost:7300");

  static final Map<String, Object> DEFINITION = Map.of(
      "StartAt", "Charge",
      "States", Map.of("Charge", Map.of(
          "Type", "Task",
          "Resource", "payments:charge",
          "HeartbeatSeconds", 10,
          "Retry", List.of(Map.of("ErrorEquals", List.of("Payment.Busy", "States.Timeout"))),
          "End", true)));

  /** What the task is given. */
  record Order(String id, double amount) {}

  /** What it returns. */
  record Receipt(String order, double charged, String key) {}

  private Orders() {}
}
