import type { Receipt, ReceiptItem } from "../../domain/receipt.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { formatDuration } from "./duration.ts";
import { failureLines } from "./failure.ts";
import { field } from "./field.ts";
import { justify, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { nextCommands, nextLines } from "./next-commands.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

export interface ReceiptOptions {
  /** `abort` asks for the way back: compensated is then a success. */
  asked?: "serve" | "abort";
  /** Null where the receipt is read later: no next commands and no exit code. */
  exitCode?: number | null;
  /** Something served before, so a rollback has a target. */
  canRollBack?: boolean;
}

/** What happened, why, what changed, what was taken back, what serves now, and what to do next. */
export const renderReceipt = (look: Look, receipt: Receipt, options: ReceiptOptions = {}): string[] => {
  const asked = options.asked ?? "serve";
  const exitCode = options.exitCode === undefined ? exitCodeOf(receipt.outcome, asked) : options.exitCode;
  return [
    ...headline(look, receipt, asked),
    ...failure(look, receipt),
    ...items(look, "changed", receipt.outcome === "succeeded" ? receipt.changed : []),
    ...items(look, "reverted", receipt.reverted),
    ...items(look, "not reverted", receipt.notReverted),
    ...field(look, "serving", serving(receipt)),
    ...(receipt.outcome === "succeeded" ? addresses(look, receipt.urls) : []),
    ...(exitCode === null ? [] : nextLines(look, nextCommands(receipt, options), exitCode)),
  ];
};

const headline = (look: Look, receipt: Receipt, asked: "serve" | "abort"): string[] => {
  const { colours } = look;
  const width = widthOf(look);
  const right = colours.dim(`${receipt.deployment} ${SYMBOLS.bullet} ${formatDuration(receipt.durationMs)}`);
  const [first = "", ...rest] = wrap(headlineText(receipt, asked), width - 2);
  const mark = markOf(look, receipt, asked);
  const lines = [`${mark} ${colours.bold(first)}`, ...rest.map((line) => `  ${colours.bold(line)}`)];
  return [...lines.slice(0, -1), ...justify(lines.at(-1) ?? "", right, width)];
};

const markOf = ({ colours }: Look, { outcome }: Receipt, asked: "serve" | "abort"): string => {
  switch (outcome) {
    case "succeeded":
      return colours.green(SYMBOLS.done);
    case "compensated":
      return asked === "abort" ? colours.green(SYMBOLS.back) : colours.red(SYMBOLS.failed);
    case "stuck":
    case "fenced":
      return colours.red(SYMBOLS.failed);
    case "interrupted":
      return colours.yellow(SYMBOLS.warning);
  }
};

const headlineText = (receipt: Receipt, asked: "serve" | "abort"): string => {
  const release = shortReleaseId(receipt.release);
  const { environment } = receipt;
  switch (receipt.outcome) {
    case "succeeded":
      return `${release} serves ${environment}`;
    case "compensated":
      return asked === "abort" || receipt.failure === null
        ? `${release} was taken back from ${environment}`
        : `${release} failed in ${environment} and was taken back`;
    case "stuck":
      return `${release} failed in ${environment}, and taking it back failed too`;
    case "fenced":
      return `Another deployer took over ${environment}; this one stopped`;
    case "interrupted":
      return `${release} is on its way to ${environment}: interrupted, can be resumed`;
  }
};

const failure = (look: Look, { failure: failed }: Receipt): string[] => {
  if (failed === null) return [];
  const where = failed.step === null ? "" : `${clean(failed.step)}: `;
  const message = `${where}${clean(failed.error.message)}`;
  return [...field(look, "what", message, { indent: 4, labelWidth: 7 }), ...failureLines(look, failed.error)];
};

const items = (look: Look, label: string, listed: ReceiptItem[]): string[] =>
  listed.length === 0
    ? []
    : field(
        look,
        label,
        listed.map(({ what, detail }) => clean(`${what} ${detail}`).trim()),
      );

const serving = ({ serving: now, release, outcome, urls }: Receipt): string => {
  if (now === null) return "nothing";
  if (outcome === "succeeded") return shortReleaseId(now);
  // Half-way, requests may reach either: only status, which looks, can say.
  const same =
    outcome === "interrupted" || outcome === "stuck"
      ? ` counts, requests may reach ${shortReleaseId(release)}`
      : now === release
        ? ""
        : ", as before";
  return `${shortReleaseId(now)}${same}${urls.length === 0 ? "" : `  ${urls.join("  ")}`}`;
};

const addresses = (look: Look, urls: string[]): string[] =>
  urls.flatMap((url, index) => field(look, index === 0 ? "open" : "", look.colours.cyan(url)));
