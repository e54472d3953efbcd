import type { TerraformEvent } from "../../ports/infra.ts";

/** What went wrong, as Terraform tells it. */
export interface Diagnostic {
  severity: "error" | "warning";
  summary: string;
  detail: string;
  address: string | null;
  file: string | null;
  line: number | null;
  /** The line of the file that it is about. */
  code: string | null;
}

export type OutputLine =
  | { type: "event"; event: TerraformEvent }
  | { type: "diagnostic"; diagnostic: Diagnostic }
  /** Not JSON: a crash, a usage error, what a provider prints. */
  | { type: "text"; text: string }
  | { type: "other" };

type Fields = Record<string, unknown>;

/** One line that Terraform prints with `-json`. Never throws: a line that is not understood is text. */
export const readLine = (line: string): OutputLine => {
  const parsed = parse(line);
  if (parsed === null) return line.trim() === "" ? { type: "other" } : { type: "text", text: line };
  if (parsed["type"] === "diagnostic") return diagnosticOf(fields(parsed["diagnostic"]));
  const event = eventOf(String(parsed["type"]), fields(parsed["hook"]));
  return event === null ? { type: "other" } : { type: "event", event };
};

const parse = (line: string): Fields | null => {
  if (!line.startsWith("{")) return null;
  try {
    return fields(JSON.parse(line));
  } catch {
    return null;
  }
};

const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

const eventOf = (type: string, hook: Fields): TerraformEvent | null => {
  const address = text(fields(hook["resource"])["addr"]);
  if (address === null) return null;
  const action = text(hook["action"]) ?? "change";
  const seconds = hook["elapsed_seconds"];
  const elapsedMs = typeof seconds === "number" ? seconds * 1000 : 0;
  switch (type) {
    case "refresh_start":
      return { type: "refreshing", address };
    case "apply_start":
      return { type: "started", address, action };
    case "apply_progress":
      return { type: "progress", address, action, elapsedMs };
    case "apply_complete":
      return { type: "ended", address, action, elapsedMs, id: text(hook["id_value"]) };
    case "apply_errored":
      return { type: "failed", address, action, elapsedMs };
    default:
      return null;
  }
};

const diagnosticOf = (told: Fields): OutputLine => {
  const range = fields(told["range"]);
  const line = fields(range["start"])["line"];
  const diagnostic: Diagnostic = {
    severity: told["severity"] === "warning" ? "warning" : "error",
    summary: text(told["summary"]) ?? "",
    detail: text(told["detail"]) ?? "",
    address: text(told["address"]),
    file: text(range["filename"]),
    line: typeof line === "number" ? line : null,
    code: text(fields(told["snippet"])["code"])?.trim() ?? null,
  };
  return diagnostic.severity === "warning"
    ? { type: "event", event: { type: "warning", text: diagnostic.summary.replaceAll(/\s+/g, " ") } }
    : { type: "diagnostic", diagnostic };
};
