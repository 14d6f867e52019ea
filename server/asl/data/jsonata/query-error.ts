import { StatesError } from "../../states-error.ts";

export interface QueryErrorPlace {
  /** The field, as AWS writes it: `Output/result`. Absent when no single field is to blame. */
  readonly location?: string | undefined;
  /** The value was found to be wrong after it had been evaluated: AWS's event then follows StateEntered. */
  readonly isAfterEvaluation?: boolean;
}

/** States.QueryEvaluationError, with what its EvaluationFailed event says. */
export class QueryError extends StatesError {
  readonly place: QueryErrorPlace;

  constructor(cause: string, place: QueryErrorPlace = {}) {
    super("States.QueryEvaluationError", cause);
    this.place = place;
  }
}
