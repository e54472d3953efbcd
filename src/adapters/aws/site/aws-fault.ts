/** What came instead of what was asked for. `status` is null when there was no answer at all. */
export class AwsFault extends Error {
  override readonly name = "AwsFault";
  readonly status: number | null;
  /** The service's own word, such as "SlowDown", or Node's, such as "ECONNRESET". */
  readonly code: string;
  /** Where S3 says that the bucket is. */
  readonly region: string | null;

  constructor(
    code: string,
    message: string,
    told: { status: number | null; region?: string | null; cause?: unknown },
  ) {
    super(message, told.cause === undefined ? undefined : { cause: told.cause });
    this.code = code;
    this.status = told.status;
    this.region = told.region ?? null;
  }
}

/** An error of S3 or CloudFront, both of which say it in XML; a page of something in between has neither code nor message. */
export const faultOfAnswer = (status: number, text: string, region: string | null = null): AwsFault => {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? `HTTP ${status}`;
  const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? `answered with status ${status}`;
  return new AwsFault(code, message, { status, region });
};

/** A request that ended without an answer. */
export const faultOfError = (error: unknown): AwsFault => {
  if (error instanceof AwsFault) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const name = typeof code === "string" ? code : error instanceof Error ? error.name : "Error";
  return new AwsFault(name, typeof message === "string" && message !== "" ? message : name, {
    status: null,
    cause: error,
  });
};

/** "throttled": slower, please. "transient": it may go another way the next time. */
export type Judgement = "throttled" | "transient" | "final";

const THROTTLING = /^(SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|ServiceUnavailable)$/;
const NETWORK =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(HOST|NET)(UNREACH|DOWN)|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH)|TimedOut)$/;
/** S3's words for a conditional write that met another one under way: nothing was decided. */
const BUSY = /^(ConditionalRequestConflict|OperationAborted)$/;

export const judge = ({ status, code }: AwsFault): Judgement => {
  if (THROTTLING.test(code) || status === 429 || status === 503) return "throttled";
  if (BUSY.test(code) || code === "RequestTimeout" || code === "InternalError") return "transient";
  if (status === null) return NETWORK.test(code) ? "transient" : "final";
  return status === 408 || (status >= 500 && status !== 501) ? "transient" : "final";
};
