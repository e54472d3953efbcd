import { EXIT_CODES } from "../domain/error-codes.ts";
import type { Outcome } from "../domain/receipt.ts";

/**
 * Exit code of a command that ran a deployment: 0 says that what was asked for is so, and nothing else does.
 * For `abort` what was asked for is the way back, so "compensated" is its 0.
 */
export const exitCodeOf = (outcome: Outcome, asked: "serve" | "abort" = "serve"): number => {
  switch (outcome) {
    case "succeeded":
      return asked === "serve" ? 0 : EXIT_CODES.failed;
    case "compensated":
      return asked === "serve" ? EXIT_CODES.failed : 0;
    case "stuck":
    case "fenced":
      return EXIT_CODES.unknown;
    case "interrupted":
      return EXIT_CODES.interrupted;
  }
};
