import { AppError } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/error-codes.ts";
import { lockInfoIn } from "./lock-info.ts";
import type { Diagnostic } from "./output-line.ts";

export interface About {
  /** "terraform" or "tofu". */
  program: string;
  /** For people: `infra/staging`. */
  folder: string;
  /** "plan", "apply" … */
  operation: string;
  /** Where everything that it printed is kept. */
  log: string;
  /** `user@host` of this process. */
  self: string;
  /** When a run of this machine that was killed had begun, ISO 8601; null: none was. */
  killedRunSince: string | null;
}

type Told = [code: ErrorCode, message: string, hint: string];

/** What Terraform said went wrong, as the resource, the reason and the next step. `told` has one error at least. */
export const translate = (told: readonly Diagnostic[], about: About): AppError => {
  const ranked = [...told].sort((a, b) => rank(a, about) - rank(b, about));
  const first = ranked[0]!;
  const [code, message, hint] = tell(first, about);
  const rest = [...new Set(ranked.slice(1).map((one) => `${placeOf(one, about)}${reasonOf(one)}`))];
  const others = rest.filter((line) => !message.includes(line));
  return new AppError(code, message, {
    hint,
    context: {
      folder: about.folder,
      operation: about.operation,
      log: about.log,
      ...(first.address === null ? {} : { resource: first.address }),
      ...(first.file === null ? {} : { file: `${about.folder}/${first.file}`, line: first.line }),
      ...(others.length === 0 ? {} : { lines: others.slice(0, 20) }),
    },
  });
};

/** What hides everything else comes first: a state that was not saved, credentials, a lock. */
const rank = (one: Diagnostic, about: About): number => {
  const [code] = tell(one, about);
  const order: ErrorCode[] = [
    "INFRA_STATE_UNSAVED",
    "AWS_CREDENTIALS",
    "INFRA_STATE_LOCKED",
    "INFRA_STATE_MISSING",
  ];
  const place = order.indexOf(code);
  return place >= 0 ? place : one.address === null && one.file === null ? order.length + 1 : order.length;
};

const tell = (one: Diagnostic, about: About): Told =>
  ofState(one, about) ??
  ofAccess(one, about) ??
  ofProviders(one, about) ??
  ofResource(one, about) ??
  ofFiles(one, about);

const allOf = ({ summary, detail }: Diagnostic): string => `${summary}\n${detail}`;
const chdir = ({ program, folder }: About): string => `${program} -chdir=${folder}`;
const environmentOf = ({ folder }: About): string => folder.split("/").at(-1) ?? folder;

const ofState = (one: Diagnostic, about: About): Told | null => {
  const text = allOf(one);
  if (/(acquiring|locking) the state lock|state lock/i.test(one.summary)) return locked(text, about);
  if (/Saved plan (is stale|does not match)|Can't (use|change).*plan file/i.test(text))
    return [
      "INFRA_PLAN_STALE",
      `The saved plan of ${about.folder} was made for another state than there is now.`,
      `look at a new one: switchback infra plan ${environmentOf(about)}`,
    ];
  if (/errored\.tfstate|Failed to (save|persist) state/i.test(text))
    return [
      "INFRA_STATE_UNSAVED",
      `Resources were changed, and the state could not be written: ${reasonOf(one)}`,
      `as soon as the bucket answers again: ${chdir(about)} state push errored.tfstate`,
    ];
  if (/S3 bucket "[^"]*" does not exist|NoSuchBucket/.test(text) && one.address === null)
    return [
      "INFRA_STATE_MISSING",
      `The bucket for Terraform's state does not exist${named(text)}.`,
      `make it: switchback infra bootstrap ${environmentOf(about)}`,
    ];
  if (/Backend configuration changed|Backend initialization required|Backend type changed/i.test(one.summary))
    return [
      "INFRA_STATE_MISSING",
      `${about.folder} now names another place for the state than it was last used with.`,
      `take the state along: ${chdir(about)} init -migrate-state; or leave it there: ${chdir(about)} init -reconfigure`,
    ];
  return null;
};

const named = (text: string): string => {
  const bucket = /S3 bucket "([^"]+)"/.exec(text)?.[1];
  return bucket === undefined ? "" : `: ${bucket}`;
};

const locked = (text: string, about: About): Told => {
  const lock = lockInfoIn(text);
  if (lock === null)
    return [
      "INFRA_STATE_LOCKED",
      `The lock of the state of ${about.folder} cannot be taken: ${oneLine(text)}`,
      "run the command again in a while, or wait for the lock with --wait",
    ];
  const unlock = `${chdir(about)} force-unlock ${lock.id}`;
  const since = lock.since === null ? "" : ` since ${lock.since}`;
  const { killedRunSince, self } = about;
  const leftBehind =
    lock.who === self && killedRunSince !== null && (lock.since === null || lock.since >= killedRunSince);
  return leftBehind
    ? [
        "INFRA_STATE_LOCKED",
        `A ${lock.operation} of this machine was killed${since} and left its lock of the state of ${about.folder} behind.`,
        `it runs no more, so take the lock away: ${unlock}`,
      ]
    : [
        "INFRA_STATE_LOCKED",
        `${lock.who} holds the lock of the state of ${about.folder}${since}, for ${lock.operation}.`,
        `wait for it with --wait; once you know that it runs no more: ${unlock}`,
      ];
};

const ofAccess = (one: Diagnostic, about: About): Told | null => {
  const text = allOf(one);
  if (/AWS account ID not allowed/i.test(text))
    return [
      "AWS_CREDENTIALS",
      `These AWS credentials are for another account than ${environmentOf(about)} is in: ${reasonOf(one)}`,
      "see who you are: aws sts get-caller-identity; then set AWS_PROFILE",
    ];
  if (/ExpiredToken|token (has|is) expired|security token.*expired|RequestExpired/i.test(text))
    return ["AWS_CREDENTIALS", "The AWS credentials have expired.", "aws sso login, or export new ones"];
  if (
    /No valid credential sources|failed to refresh cached credentials|get credentials|shared config profile|SSO session/i.test(
      text,
    )
  )
    return [
      "AWS_CREDENTIALS",
      `No AWS credentials were found for ${about.folder}.`,
      "set AWS_PROFILE, or run: aws sso login",
    ];
  if (
    /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure/.test(
      text,
    )
  )
    return [
      "AWS_CREDENTIALS",
      "AWS does not accept the credentials.",
      "see who you are: aws sts get-caller-identity",
    ];
  return null;
};

const ofProviders = (one: Diagnostic, about: About): Told | null => {
  if (/Unsupported (Terraform|OpenTofu) Core version/i.test(one.summary))
    return [
      "INFRA_PROGRAM_OLD",
      `${about.folder} asks for another version of ${about.program}: ${reasonOf(one)}`,
      "install the version that it asks for, or correct required_version",
    ];
  if (
    /provider packages|install provider|dependency lock file|Required plugins|load plugin|Failed to (download|query|instantiate)|Module not (installed|found)|Unreadable module|Invalid provider registry/i.test(
      one.summary,
    )
  )
    return [
      "INFRA_PROVIDER_MISSING",
      `${about.program} cannot get what ${about.folder} needs: ${oneLine(one.detail === "" ? one.summary : one.detail)}`,
      "check the network, a mirror in TF_CLI_CONFIG_FILE, and that the modules are installed (npm ci); then run it again",
    ];
  return null;
};

const ofResource = (one: Diagnostic, about: About): Told | null => {
  if (one.address === null) return null;
  const text = allOf(one);
  const again = `switchback infra ${about.operation === "plan" ? "plan" : "apply"} ${environmentOf(about)}`;
  const message = `${one.address}: ${reasonOf(one)}`;
  if (/protected|deletion ?protection/i.test(text))
    return [
      "INFRA_PROTECTED",
      message,
      `set protect: false for ${environmentOf(about)} in switchback.config.ts, then: switchback infra plan ${environmentOf(about)}`,
    ];
  if (/AccessDenied|UnauthorizedOperation|not authorized to perform|AuthorizationError/i.test(text))
    return [
      "INFRA_FAILED",
      message,
      `allow it for whoever runs this (aws sts get-caller-identity), then: ${again}`,
    ];
  if (
    /already (exists|owned)|AlreadyExists|EntityAlreadyExists|AlreadyOwnedByYou|DuplicateListener/i.test(text)
  )
    return [
      "INFRA_FAILED",
      message,
      `it is there and not in the state: ${chdir(about)} import '${one.address}' ID, or remove it, then: ${again}`,
    ];
  if (/BucketNotEmpty|RepositoryNotEmpty|not empty/i.test(text))
    return ["INFRA_FAILED", message, `empty it yourself if nothing in it is needed, then: ${again}`];
  if (/LimitExceeded|QuotaExceeded|too many/i.test(text))
    return ["INFRA_FAILED", message, `have the quota raised (Service Quotas), then: ${again}`];
  if (
    one.file !== null &&
    /^(Invalid|Unsupported|Missing|Reference|Argument|Error in function|Incorrect)/i.test(one.summary)
  )
    return null;
  return ["INFRA_FAILED", message, `what was done is in the state, and it goes on from there: ${again}`];
};

const ofFiles = (one: Diagnostic, about: About): Told => {
  if (one.file === null)
    return [
      "INFRA_FAILED",
      `${about.program} ${about.operation} failed in ${about.folder}: ${reasonOf(one)}`,
      `all that it said is in ${about.log}`,
    ];
  const code = one.code === null ? "" : ` (${oneLine(one.code)})`;
  return [
    "INFRA_FILES_INVALID",
    `${placeOf(one, about)}${reasonOf(one)}${code}`,
    /tfvars\.json|^Invalid value for (input )?variable/i.test(`${one.file} ${one.summary}`)
      ? "correct the setting in switchback.config.ts, or the module, then run it again"
      : "correct the file, then run it again",
  ];
};

const placeOf = ({ address, file, line }: Diagnostic, { folder }: About): string => {
  if (address !== null) return `${address}: `;
  return file === null ? "" : `${folder}/${file}${line === null ? "" : `:${line}`}: `;
};

/** Both parts in one line, without the ids that only AWS's support can use. */
const reasonOf = ({ summary, detail }: Diagnostic): string => {
  const short = (text: string) =>
    oneLine(text)
      .replaceAll(/operation error [^,]+, /g, "")
      .replaceAll(/https response error StatusCode: \d+, /g, "")
      .replaceAll(/RequestID: [^,]*, (HostID: [^,]*, )?/g, "")
      .replace(/[:,]\s*$/, "");
  const head = short(summary);
  const tail = short(detail);
  return tail === "" || head.includes(tail) ? ended(head) : ended(`${head}: ${tail}`);
};

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 600);
