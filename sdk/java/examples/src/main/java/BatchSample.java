import dev.pawl.Batch;
import dev.pawl.BatchInput;
import dev.pawl.BatchUpdate;
import dev.pawl.Client;
import dev.pawl.PayloadView;
import dev.pawl.Watch;
import java.util.Iterator;
import java.util.stream.IntStream;

/** Starts 1,000 executions as one batch, prints its progress and the first results. */
public final class BatchSample {
  private BatchSample() {}

  public static void main(String[] args) {
    try (Client client = Client.connect(Orders.ADDRESS)) {
      client.applyStateMachine("orders", Orders.DEFINITION);
      Iterable<Orders.Order> orders = () -> orders(); // read as they are sent
      Batch batch = client.createBatch(BatchInput.start("orders", orders).maxConcurrency(200));
      try (Watch<BatchUpdate> watch = client.watchBatch(batch.id())) {
        for (BatchUpdate update : watch) if (update instanceof BatchUpdate.Progress now) print(now.batch());
      }
      client.listBatchItems(batch.id(), PayloadView.FULL).stream().limit(3)
          .forEach(item -> System.out.println(item.index() + " " + item.status() + " " + item.output()));
    }
  }

  private static Iterator<Orders.Order> orders() {
    return IntStream.range(0, 1_000).mapToObj(number -> new Orders.Order("B-" + number, number)).iterator();
  }

  private static void print(Batch batch) {
    Batch.Counts counts = batch.counts();
    System.out.println(batch.status() + ": " + (counts.succeeded() + counts.failed()) + " of " + counts.total());
  }
}
