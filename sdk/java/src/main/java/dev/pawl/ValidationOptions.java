package dev.pawl;

import dev.pawl.v1.StateMachineType;
import dev.pawl.v1.ValidateDefinitionRequest;

/** What a definition is checked as. */
public final class ValidationOptions {
  private final ValidateDefinitionRequest.Builder request = ValidateDefinitionRequest.newBuilder();

  /** How the definition is written; default seen from the text. */
  public ValidationOptions format(DefinitionFormat format) {
    request.setFormat(format.message());
    return this;
  }

  /** Also the rules of EXPRESS state machines. */
  public ValidationOptions express() {
    request.setType(StateMachineType.STATE_MACHINE_TYPE_EXPRESS);
    return this;
  }

  ValidateDefinitionRequest message(String definition) {
    return request.setDefinition(definition).build();
  }
}
