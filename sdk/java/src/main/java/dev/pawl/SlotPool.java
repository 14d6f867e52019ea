package dev.pawl;

import com.fasterxml.jackson.databind.JavaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks that share slots. A slot is taken from the task's arrival until its outcome is acknowledged. */
final class SlotPool {
  /** A handler and what it was registered for. */
  record Registration(String resource, JavaType inputType, TaskHandler<Object> handler, boolean autoHeartbeat) {
    boolean serves(String resource, String rawResource) {
      return ResourceName.serves(this.resource, resource) || ResourceName.serves(this.resource, rawResource);
    }
  }

  final String name;
  final int concurrency;
  final List<Registration> registrations = new ArrayList<>();
  /** Slots in use; credit is what is left. Of the worker's loop. */
  int taken;

  SlotPool(String name, int concurrency) {
    if (concurrency < 1)
      throw new IllegalArgumentException("concurrency of " + name + " is " + concurrency + "; it must be at least 1");
    this.name = name;
    this.concurrency = concurrency;
  }

  List<String> resources() {
    return registrations.stream().map(Registration::resource).toList();
  }

  /** The handler for a task: the exact resource, else a spelling or prefix that leads to it, the longest first. */
  @Nullable Registration registrationFor(String resource, String rawResource) {
    if (registrations.size() == 1) return registrations.get(0);
    for (Registration registration : registrations) {
      if (registration.resource.equals(resource) || registration.resource.equals(rawResource)) return registration;
    }
    return registrations.stream()
        .filter(registration -> registration.serves(resource, rawResource))
        .max(Comparator.comparingInt(registration -> registration.resource.length()))
        .orElse(null);
  }
}
