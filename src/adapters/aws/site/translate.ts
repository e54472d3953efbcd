import { AppError } from "../../../domain/errors.ts";
import type { ErrorCode } from "../../../domain/error-codes.ts";
import { AwsFault } from "./aws-fault.ts";

export interface About {
  site: string;
  bucket: string;
  distribution: string | null;
}

type Told = [code: ErrorCode, message: string, hint: string];

/** Runs an effect; what AWS said no to comes out as what happened, why, and what to do next. */
export const translated = async <T>(about: About, effect: () => Promise<T>): Promise<T> => {
  try {
    return await effect();
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    const [code, message, hint] = tell(error, about);
    const context = {
      ...about,
      error: error.code,
      ...(error.status === null ? {} : { status: error.status }),
    };
    throw new AppError(code, message, { hint, context, cause: error });
  }
};

const WHO = "see who you are: aws sts get-caller-identity";
const LOOK = "see what the infrastructure has: switchback infra status";
const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|InvalidAccessKeyId|InvalidToken|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|Expired.*|.*Expired)$/;

const tell = (fault: AwsFault, about: About): Told => {
  const said = oneLine(fault.message);
  const { code, status, region } = fault;
  if (code === "RequestTimeTooSkewed")
    return [
      "AWS_CREDENTIALS",
      "This machine's clock is too far off for AWS.",
      "set the clock: timedatectl set-ntp true",
    ];
  if (CREDENTIALS.test(code))
    return status === null
      ? [
          "AWS_CREDENTIALS",
          `No AWS credentials were found: ${said}`,
          "set AWS_PROFILE, or run: aws sso login",
        ]
      : ["AWS_CREDENTIALS", `AWS does not accept the credentials: ${said}`, WHO];
  if (code === "NoSuchBucket")
    return ["SITE_PLACE", `There is no bucket ${about.bucket} for the site ${about.site}.`, LOOK];
  if (code === "NoSuchDistribution")
    return ["SITE_PLACE", `There is no distribution ${about.distribution} for the site ${about.site}.`, LOOK];
  if (region !== null && (code === "AuthorizationHeaderMalformed" || (status !== null && status < 400)))
    return ["SITE_PLACE", `The bucket ${about.bucket} of the site ${about.site} is in ${region}.`, LOOK];
  if (status === 403)
    return ["SITE_DENIED", `AWS does not allow what publishing the site ${about.site} needs: ${said}`, WHO];
  const word = status === null ? said : `${status} ${code}: ${said}`;
  return [
    "SITE_UNREACHABLE",
    `The site ${about.site} could not be published: ${word}`,
    "run the command again in a while: it goes on where it stopped",
  ];
};

const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 300);
