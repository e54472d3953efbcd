/** How the body of an answer ends. */
export type Framing = "none" | "length" | "chunked" | "close";

export interface ResponseHead {
  status: number;
  reason: string;
  /** The header lines to pass on, each with its end of line; without what concerns one connection only. */
  lines: string;
  hasDate: boolean;
  framing: Framing;
  length: number;
  keepAlive: boolean;
  /** From `Keep-Alive: timeout=5`; null when the instance does not say. */
  idleMs: number | null;
}

/** An answer that is not HTTP/1.1, or whose framing is ambiguous. */
export class ResponseSyntaxError extends Error {}

interface Scan {
  lines: string;
  hasDate: boolean;
  length: number | null;
  chunked: boolean;
  keepAlive: boolean;
  idleMs: number | null;
  listed: string[] | null;
}

/**
 * Parses status line and headers (RFC 9112), `text` being latin1 up to and with the end of the last header line. Strict: folded
 * lines, missing colons, bare line ends, contradicting lengths and unknown transfer codings are refused, since what follows
 * could not be framed for certain.
 */
export const parseResponseHead = (text: string, method: string): ResponseHead => {
  if (!text.startsWith("HTTP/1.") || text.charCodeAt(8) !== 32)
    throw new ResponseSyntaxError("no status line");
  const status = Number(text.slice(9, 12));
  if (!(status >= 100 && status <= 999)) throw new ResponseSyntaxError("no status code");
  const firstEnd = lineEnd(text, 0);
  const scan: Scan = {
    lines: "",
    hasDate: false,
    length: null,
    chunked: false,
    keepAlive: text.charCodeAt(7) !== 48,
    idleMs: null,
    listed: null,
  };
  scanHeaders(text, firstEnd + 2, scan);
  const bothLengths = scan.chunked && scan.length !== null;
  if (bothLengths) (scan.listed ??= []).push("content-length");
  const framing = framingOf(status, method, scan);
  return {
    status,
    reason: text.slice(13, firstEnd),
    lines: scan.listed === null ? scan.lines : withoutNames(scan.lines, scan.listed),
    hasDate: scan.hasDate,
    framing,
    length: framing === "length" ? (scan.length ?? 0) : 0,
    keepAlive: scan.keepAlive && framing !== "close" && !bothLengths,
    idleMs: scan.idleMs,
  };
};

/** Name, value, name, value … of header lines. */
export const headerList = (lines: string): string[] => {
  const list: string[] = [];
  for (let at = 0; at < lines.length;) {
    const end = lineEnd(lines, at);
    const colon = lines.indexOf(":", at);
    list.push(lines.slice(at, colon), trimmed(lines, colon + 1, end));
    at = end + 2;
  }
  return list;
};

/** Where the line that begins at `at` ends; a carriage return or line feed of its own is refused. */
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\r", at);
  if (end === -1 || text.indexOf("\n", at) !== end + 1) throw new ResponseSyntaxError("a bare line end");
  return end;
};

const framingOf = (status: number, method: string, scan: Scan): Framing => {
  if (method === "HEAD" || status === 204 || status === 304 || status < 200) return "none";
  if (scan.chunked) return "chunked";
  if (scan.length === null) return "close";
  return scan.length === 0 ? "none" : "length";
};

const scanHeaders = (text: string, start: number, scan: Scan): void => {
  // Lines are passed on as they came: only where one is left out is the text cut.
  let keptFrom = start;
  for (let at = start; at < text.length;) {
    const end = lineEnd(text, at);
    const colon = text.indexOf(":", at);
    if (colon <= at || colon > end) throw new ResponseSyntaxError("a header without a name");
    const first = text.charCodeAt(at);
    if (first === 32 || first === 9) throw new ResponseSyntaxError("a folded header");
    if (MATTERS[colon - at] === 1 && connectionHeader(text, at, colon, end, scan)) {
      scan.lines += text.slice(keptFrom, at);
      keptFrom = end + 2;
    }
    at = end + 2;
  }
  scan.lines += keptFrom === start ? text.slice(start) : text.slice(keptFrom);
};

/** Lengths of the names that are looked at. */
const MATTERS = new Uint8Array(64 * 1024 + 1);
for (const length of [4, 7, 10, 14, 16, 17]) MATTERS[length] = 1;

const trimmed = (text: string, start: number, end: number): string => {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
};

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Reads what concerns framing and this connection. True: the header ends here (RFC 9110, 7.6.1). */
const connectionHeader = (text: string, at: number, colon: number, end: number, scan: Scan): boolean => {
  const name = text.slice(at, colon).toLowerCase();
  switch (name) {
    case "date":
      scan.hasDate = true;
      return false;
    case "content-length":
      readLength(trimmed(text, colon + 1, end), scan);
      return false;
    case "connection":
      readConnection(trimmed(text, colon + 1, end), scan);
      return true;
    case "keep-alive":
      readKeepAlive(trimmed(text, colon + 1, end), scan);
      return true;
    case "transfer-encoding":
      if (scan.chunked || trimmed(text, colon + 1, end).toLowerCase() !== "chunked")
        throw new ResponseSyntaxError("an unknown transfer coding");
      scan.chunked = true;
      return true;
    default:
      return name === "trailer" || name === "upgrade" || name === "proxy-connection";
  }
};

const readLength = (value: string, scan: Scan): void => {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : -1;
  if (length < 0 || (scan.length !== null && scan.length !== length))
    throw new ResponseSyntaxError(`content length ${value}`);
  scan.length = length;
};

const readConnection = (value: string, scan: Scan): void => {
  if (value === "keep-alive") {
    scan.keepAlive = true;
    return;
  }
  for (const part of value.toLowerCase().split(",")) {
    const token = part.trim();
    if (token === "close") scan.keepAlive = false;
    else if (token === "keep-alive") scan.keepAlive = true;
    else if (token !== "" && token !== "upgrade") (scan.listed ??= []).push(token);
  }
};

const readKeepAlive = (value: string, scan: Scan): void => {
  const seconds = /timeout=(\d{1,6})/.exec(value)?.[1];
  if (seconds !== undefined) scan.idleMs = Number(seconds) * 1_000;
};

const withoutNames = (lines: string, names: string[]): string => {
  const list = headerList(lines);
  let kept = "";
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] ?? "";
    if (!names.includes(name.toLowerCase())) kept += `${name}: ${list[index + 1] ?? ""}\r\n`;
  }
  return kept;
};
