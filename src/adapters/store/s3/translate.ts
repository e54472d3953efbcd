import type { S3StoreDefinition } from "../../../domain/app-definition.ts";
import { AppError, isAppError, type AppErrorOptions } from "../../../domain/errors.ts";
import type { ErrorCode } from "../../../domain/error-codes.ts";
import { CallFailed } from "./call.ts";
import { faultOf, type Fault } from "./judge.ts";

/** As IAM calls what was asked for. */
export type Action = "s3:GetObject" | "s3:PutObject" | "s3:ListBucket";

export interface About {
  action: Action;
  /** With the store's prefix. */
  key: string;
  /** What was under way: the look for credentials, or the request itself. */
  stage: "credentials" | "request";
  settings: S3StoreDefinition;
}

type Told = [code: ErrorCode, message: string, hint: string];

const WHO = "see who you are: aws sts get-caller-identity";
const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"]);
const CREDENTIALS = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "InvalidAccessKeyId",
  "InvalidToken",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "AuthFailure",
]);

/** A failed call as what happened, why, and what to do next. `cause` stays. */
export const translate = (failed: unknown, about: About): AppError => {
  if (isAppError(failed)) return failed;
  const cause = failed instanceof CallFailed ? failed.cause : failed;
  if (isAppError(cause)) return cause;
  const fault = faultOf(cause);
  const [code, message, hint] = tell(fault, about, failed);
  const { bucket, endpoint, region } = about.settings;
  const context: AppErrorOptions["context"] = {
    bucket,
    key: about.key,
    action: about.action,
    error: fault.name,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(fault.status === null ? {} : { status: fault.status }),
    ...(failed instanceof CallFailed ? { attempts: failed.attempts } : {}),
  };
  return new AppError(code, message, { hint, context, cause: failed });
};

const tell = (fault: Fault, about: About, failed: unknown): Told =>
  credentials(fault, about) ??
  placed(fault, about) ??
  denied(fault, about) ??
  unreachable(fault, about, failed);

const credentials = ({ name, message }: Fault, { stage }: About): Told | null => {
  if (EXPIRED.has(name) || /expired/i.test(name))
    return ["AWS_CREDENTIALS", "The AWS credentials have expired.", "aws sso login, or export new ones"];
  if (name === "RequestTimeTooSkewed")
    return [
      "AWS_CREDENTIALS",
      "This machine's clock is too far off for AWS.",
      "set the clock: timedatectl set-ntp true",
    ];
  if (CREDENTIALS.has(name))
    return name === "CredentialsProviderError" || name === "TokenProviderError"
      ? [
          "AWS_CREDENTIALS",
          `No AWS credentials were found: ${oneLine(message)}`,
          "set AWS_PROFILE, or run: aws sso login",
        ]
      : ["AWS_CREDENTIALS", `AWS does not accept the credentials: ${oneLine(message)}`, WHO];
  return stage === "credentials"
    ? [
        "AWS_CREDENTIALS",
        `The AWS credentials could not be read: ${oneLine(message)}`,
        "set AWS_PROFILE, or run: aws sso login",
      ]
    : null;
};

/** The bucket is not there, or not here. */
const placed = ({ name, status, message, headers }: Fault, { settings }: About): Told | null => {
  const { bucket } = settings;
  if (name === "NoSuchBucket")
    return [
      "STORE_BUCKET",
      `There is no bucket ${bucket}.`,
      `aws s3 mb s3://${bucket}, or correct store.bucket in the configuration`,
    ];
  if (/^Region (is missing|not accepted)/.test(message))
    return [
      "STORE_BUCKET",
      `Nothing says in which region the bucket ${bucket} is.`,
      "give store.region in the configuration, or set AWS_REGION",
    ];
  const elsewhere = headers["x-amz-bucket-region"] ?? /expecting '([a-z0-9-]+)'/.exec(message)?.[1];
  const redirected = [
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
  ];
  if (redirected.includes(name) || (status !== null && status >= 300 && status < 400))
    return [
      "STORE_BUCKET",
      `The bucket ${bucket} is in ${elsewhere === undefined ? "another region" : `the region ${elsewhere}`}.`,
      elsewhere === undefined
        ? "correct store.region in the configuration"
        : `set store.region to "${elsewhere}" in the configuration`,
    ];
  if (name === "InvalidBucketName")
    return [
      "STORE_BUCKET",
      `S3 has no bucket of such a name: ${bucket}.`,
      "correct store.bucket in the configuration",
    ];
  return null;
};

const denied = ({ name, status, message }: Fault, { action, key, settings }: About): Told | null => {
  const { bucket, endpoint } = settings;
  if (name.startsWith("KMS.") || (status === 403 && /\bkms:/i.test(message)))
    return [
      "STORE_DENIED",
      `The store's KMS key cannot be used: ${oneLine(message)}`,
      "allow kms:GenerateDataKey and kms:Decrypt on it: docs/store.md#permissions",
    ];
  if (name === "NotImplemented" || status === 501)
    return [
      "STORE_UNSAFE",
      `${endpoint ?? "The server"} has no conditional writes: ${oneLine(message)}`,
      "keep the store on Amazon S3, or on a server that has them: docs/store.md",
    ];
  if (status !== 403) return null;
  const resource = action === "s3:ListBucket" ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
  // Without the right to list, S3 says of a key that is not there that it is forbidden.
  const also = action === "s3:GetObject" ? ", and s3:ListBucket on the bucket" : "";
  return [
    "STORE_DENIED",
    `${action} is not allowed on ${resource}: ${oneLine(message)}`,
    `allow it${also}: docs/store.md#permissions; ${WHO}`,
  ];
};

const unreachable = ({ name, status, message }: Fault, { settings }: About, failed: unknown): Told => {
  const where = settings.endpoint ?? `S3 (bucket ${settings.bucket})`;
  const tried =
    failed instanceof CallFailed && failed.attempts > 1
      ? ` (${failed.attempts} tries in ${(failed.elapsedMs / 1000).toFixed(1)} s)`
      : "";
  if (status === null)
    return [
      "STORE_UNREACHABLE",
      `${where} cannot be reached: ${oneLine(message || name)}${tried}.`,
      "check the network and store.endpoint, then run the command again",
    ];
  const said = `${status} ${name}: ${oneLine(message)}`;
  return [
    "STORE_UNREACHABLE",
    `${where} does not do what it is asked for: ${said}${tried}.`,
    "run the command again in a while",
  ];
};

const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 300);
