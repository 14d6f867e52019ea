/** A refusal as AWS words it: `type` goes out as `__type`. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly type: string;
  readonly httpStatus: number;
  /** What the error's shape has beside the message. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(type: string, message: string, { httpStatus = 400, fields = {} }: AwsErrorMore = {}) {
    super(message);
    this.type = type;
    this.httpStatus = httpStatus;
    this.fields = fields;
  }
}

interface AwsErrorMore {
  readonly httpStatus?: number;
  readonly fields?: Readonly<Record<string, string>>;
}
