import dev.pawl.TaskError;
import dev.pawl.TaskOptions;
import dev.pawl.Worker;

/** Serves the task {@code payments:charge} until it is told to end (Ctrl-C). */
public final class WorkerSample {
  private WorkerSample() {}

  public static void main(String[] args) {
    try (Worker worker = Worker.connect(Orders.ADDRESS)) {
      worker.task("payments:charge", Orders.Order.class, new TaskOptions().concurrency(20), (order, context) -> {
        if (order.amount() > 1_000) throw new TaskError("Payment.Declined", "too much for one card").nonRetryable();
        return new Orders.Receipt(order.id(), order.amount(), context.idempotencyKey());
      });
      worker.run();
    }
  }
}
