/** What went wrong with a call, told apart by `code`: the API's own, or UNREACHABLE and UNEXPECTED_ANSWER. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

const wording: Record<string, string> = {
  WRONG_CREDENTIALS: "That email and password do not match an account.",
  EMAIL_TAKEN: "There is already an account with this email. Sign in instead.",
  RIDE_ACTIVE: "You already have a ride under way.",
  BAD_INPUT: "The service does not accept some of what was entered. Check it and try again.",
  FORBIDDEN: "This belongs to another account.",
  NOT_FOUND: "There is no such ride.",
  ILLEGAL_TRANSITION: "The ride has moved on in the meantime, so this is no longer possible.",
  TOO_LARGE: "The file is too large: at most 5 MB.",
  UNSUPPORTED_TYPE: "Choose a JPEG, PNG or WebP image.",
  UNAVAILABLE: "The service is catching its breath. Try again in a moment.",
  NOT_READY: "The service is starting. Try again in a moment.",
  UNREACHABLE: "The service cannot be reached just now. Check your connection and try again.",
  UNEXPECTED_ANSWER: "The service gave an answer this page does not understand. Try again in a moment.",
};

export function describeError(error: unknown): string {
  if (error instanceof ApiError) return wording[error.code] ?? error.message;
  return "Something went wrong on this page. Try again.";
}

export async function errorFromResponse(response: Response): Promise<ApiError> {
  const { status } = response;
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  if (body?.error?.code) return new ApiError(body.error.code, body.error.message ?? body.error.code, status);
  if (status >= 500) return new ApiError("UNREACHABLE", `the service answered ${status}`, status);
  return new ApiError("UNEXPECTED_ANSWER", `the service answered ${status}`, status);
}
