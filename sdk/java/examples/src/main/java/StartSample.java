import dev.pawl.Client;
import dev.pawl.Execution;
import dev.pawl.StartExecution;

/** Makes the state machine {@code orders}, starts it and waits for its end. */
public final class StartSample {
  private StartSample() {}

  public static void main(String[] args) {
    try (Client client = Client.connect(Orders.ADDRESS)) {
      client.applyStateMachine("orders", Orders.DEFINITION);
      Execution execution = client.runExecution(new StartExecution("orders").input(new Orders.Order("A-1", 9.5)));
      System.out.println(execution.status() + " " + execution.outputText());
    }
  }
}
