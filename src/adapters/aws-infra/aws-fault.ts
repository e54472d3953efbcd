import { AppError } from "../../domain/errors.ts";

const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId|Expired.*|RequestExpired)$/;

/** A failed look at AWS as what happened and what to do next. */
export const awsFault = (
  error: unknown,
  { action, signal }: { action: string; signal: AbortSignal },
): AppError => {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError("INTERRUPTED", "Stopped; nothing was changed.", { cause: error });
  const { name, message, $metadata } = error as {
    name: string;
    message: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (CREDENTIALS.test(name))
    return new AppError("AWS_CREDENTIALS", `AWS does not accept the credentials: ${message}`, {
      hint: "set AWS_PROFILE, or run: aws sso login",
      cause: error,
    });
  const denied = $metadata?.httpStatusCode === 403;
  return new AppError(
    "INFRA_FAILED",
    denied ? `${action} is not allowed: ${message}` : `${action} failed: ${name}: ${message}`,
    {
      hint: denied
        ? "allow it for whoever runs this: aws sts get-caller-identity"
        : "check the network, then run the command again",
      context: { action, error: name },
      cause: error,
    },
  );
};
