/** A refusal as AWS words it: `type` goes out as `__type`. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly type: string;
  readonly httpStatus: number;

  constructor(type: string, message: string, httpStatus = 400) {
    super(message);
    this.type = type;
    this.httpStatus = httpStatus;
  }
}
