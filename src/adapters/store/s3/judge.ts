/** What is known of a failed request to S3, in the SDK's several shapes. */
export interface Fault {
  /** S3's code, such as "NoSuchBucket", or the SDK's or Node's own name for it. */
  name: string;
  /** Null when there was no answer. */
  status: number | null;
  message: string;
  headers: Record<string, string>;
}

interface SdkError {
  name?: string;
  Code?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

export const faultOf = (error: unknown): Fault => {
  const { name, Code, code, message, $metadata, $response } = (error ?? {}) as SdkError;
  const plain = name === undefined || name === "Error" || name === "Unknown" || name === "UnknownError";
  return {
    name: (plain ? (Code ?? code) : name) ?? name ?? "Error",
    status: $metadata?.httpStatusCode ?? $response?.statusCode ?? null,
    message: message ?? String(error),
    headers: $response?.headers ?? {},
  };
};

/**
 * "refused": a condition did not hold. "absent": there is no such object. "busy": another conditional write of the same
 * key was under way (409). "transient": it may go another way the next time, "busy" included.
 */
export type Judgement = "refused" | "absent" | "transient" | "final";

const NETWORK =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(HOST|NET)(UNREACH|DOWN)|ERR_STREAM_PREMATURE_CLOSE|TimeoutError|TimedOut|AbortError)$/;
const TRANSIENT = new Set([
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "RequestTimeout",
  "RequestLimitExceeded",
  "InternalError",
  "ServiceUnavailable",
]);

/** S3's word for a conditional write that met another one under way: nothing was decided. */
export const isBusy = (error: unknown): boolean => {
  const { name, status } = faultOf(error);
  return status === 409 && (name === "ConditionalRequestConflict" || name === "OperationAborted");
};

export const judge = (error: unknown): Judgement => {
  const { name, status, message } = faultOf(error);
  if (status === 412 || name === "PreconditionFailed") return "refused";
  if (name === "NoSuchKey" || name === "NotFound") return "absent";
  if (isBusy(error) || TRANSIENT.has(name)) return "transient";
  if (status !== null && (status === 408 || status === 429 || status >= 500))
    return status === 501 ? "final" : "transient";
  // An answer that broke off has the status of its beginning.
  if (NETWORK.test(name) || /^(socket hang up|aborted)$|Checksum mismatch/.test(message)) return "transient";
  const { code, $metadata } = (error ?? {}) as SdkError;
  // The SDK has set its clock by the answer, and signs right the next time.
  if ($metadata?.clockSkewCorrected === true) return "transient";
  return code !== undefined && NETWORK.test(code) ? "transient" : "final";
};
