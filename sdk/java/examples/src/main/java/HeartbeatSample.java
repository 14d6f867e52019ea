import dev.pawl.JsonText;
import dev.pawl.TaskContext;
import dev.pawl.TaskOptions;
import dev.pawl.Worker;
import java.util.Map;

/**
 * A task that takes long, says how far it is, and goes on there when another worker has to take over: kill this one in
 * the middle and start it again.
 */
public final class HeartbeatSample {
  private static final int PAGES = 20;

  /** What a heartbeat says. */
  record Progress(int page) {}

  private HeartbeatSample() {}

  public static void main(String[] args) {
    try (Worker worker = Worker.connect(Orders.ADDRESS)) {
      // Without beats in the background a handler that hangs is noticed, too.
      TaskOptions options = new TaskOptions().autoHeartbeat(false);
      worker.task("payments:charge", JsonText.class, options, (order, context) -> charge(context));
      worker.run();
    }
  }

  private static Object charge(TaskContext context) throws InterruptedException {
    Progress last = context.lastHeartbeatDetails().as(Progress.class);
    for (int page = last == null ? 1 : last.page() + 1; page <= PAGES; page++) {
      Thread.sleep(500); // the work; an execution that is stopped interrupts it
      context.heartbeat(new Progress(page), (double) page / PAGES);
      System.out.println("page " + page + " of " + PAGES);
    }
    return Map.of("pages", PAGES);
  }
}
