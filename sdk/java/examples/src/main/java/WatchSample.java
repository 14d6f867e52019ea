import dev.pawl.Client;
import dev.pawl.ExecutionEvent;
import dev.pawl.ExecutionUpdate;
import dev.pawl.StartExecution;
import dev.pawl.Watch;
import dev.pawl.WatchOptions;

/** Starts an execution and prints what happens to it, over broken connections too. */
public final class WatchSample {
  private WatchSample() {}

  public static void main(String[] args) {
    try (Client client = Client.connect(Orders.ADDRESS)) {
      client.applyStateMachine("orders", Orders.DEFINITION);
      StartExecution start = new StartExecution("orders").input(new Orders.Order("A-2", 12));
      String id = client.startExecution(start).execution().id();
      try (Watch<ExecutionUpdate> watch = client.watchExecution(id, new WatchOptions().afterEventId(1))) {
        for (ExecutionUpdate update : watch) {
          if (update instanceof ExecutionUpdate.Event told) print(told.event());
          else if (update instanceof ExecutionUpdate.Snapshot now) System.out.println(now.execution().status());
        }
      }
    }
  }

  private static void print(ExecutionEvent event) {
    System.out.println(event.id() + " " + event.type() + " " + event.stateName());
  }
}
