/** Stands in for a message whose bytes are not what its type says; the call is then refused with INVALID_ARGUMENT. */
export class Undecodable {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}
