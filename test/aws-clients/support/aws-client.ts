/** One of the clients that AWS publishes, as the tests speak to it. */
export interface AwsClient {
  /** Calls an operation, such as `DescribeExecution`. @throws Refused */
  call(operation: string, input?: object): Promise<Answer>;
  /** All items of a list, page by page, with the client's own paginator. @throws Refused */
  all(listing: Listing): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

export type Answer = Readonly<Record<string, unknown>>;

export interface Listing {
  readonly operation: string;
  readonly input?: object;
  /** The answer's field with the items. */
  readonly items: string;
  readonly pageSize: number;
}

/** How a client is told to reach a server. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** How much the client's clock is ahead; boto3 only. */
  readonly clockSkewSeconds?: number;
  /** Changes each body after it was signed; not the command line. */
  readonly isTampering?: boolean;
}

/** What an AWS server refused, in the client's terms. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** The class of the client's exception; for a command line the code it prints. */
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/** `Exception: message` of a call that is refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Refused) return `${error.exception}: ${error.message}`;
    throw error;
  }
  return "no refusal";
}
