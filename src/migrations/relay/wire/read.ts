import { ProtocolViolation, type Frame } from "./frames.ts";

const BODY = 5;

/** A NUL-terminated string, and where the next field begins. */
const cString = (bytes: Buffer, from: number): { value: Buffer; next: number } => {
  const end = bytes.indexOf(0, from);
  if (end === -1) throw new ProtocolViolation("a string in a message does not end");
  return { value: bytes.subarray(from, end), next: end + 1 };
};

const name = (bytes: Buffer, from: number): { value: string; next: number } => {
  const { value, next } = cString(bytes, from);
  return { value: value.toString("latin1"), next };
};

/** SQL of a Query message, in the client's encoding. */
export const queryText = ({ bytes }: Frame): Buffer => cString(bytes, BODY).value;

/** Names stand as latin1: they are compared only, never shown. */
export const parseNames = ({ bytes }: Frame): { statement: string; text: Buffer } => {
  const statement = name(bytes, BODY);
  return { statement: statement.value, text: cString(bytes, statement.next).value };
};

export const bindNames = ({ bytes }: Frame): { portal: string; statement: string } => {
  const portal = name(bytes, BODY);
  return { portal: portal.value, statement: name(bytes, portal.next).value };
};

export const executePortal = ({ bytes }: Frame): string => name(bytes, BODY).value;

/** What a Describe or Close is about. */
export const target = ({ bytes }: Frame): { kind: "statement" | "portal"; name: string } => {
  const letter = String.fromCharCode(bytes[BODY] ?? 0);
  if (letter !== "S" && letter !== "P")
    throw new ProtocolViolation(`Describe or Close of ${JSON.stringify(letter)}`);
  return { kind: letter === "S" ? "statement" : "portal", name: name(bytes, BODY + 1).value };
};

/** `ALTER TABLE`, `SELECT 3`. */
export const commandTag = ({ bytes }: Frame): string => name(bytes, BODY).value;

/** Fields of an error or a notice by their letters, in order. */
export const reportFields = ({ bytes }: Frame): Map<string, Buffer> => {
  const fields = new Map<string, Buffer>();
  let at = BODY;
  while (at < bytes.length && bytes[at] !== 0) {
    const letter = String.fromCharCode(bytes[at] ?? 0);
    const { value, next } = cString(bytes, at + 1);
    fields.set(letter, value);
    at = next;
  }
  return fields;
};

export interface ReportedError {
  sqlState: string;
  message: string;
  detail: string | null;
  hint: string | null;
}

export const reportedError = (frame: Frame): ReportedError => {
  const fields = reportFields(frame);
  return {
    sqlState: fields.get("C")?.toString() ?? "XX000",
    message: fields.get("M")?.toString() ?? "",
    detail: fields.get("D")?.toString() ?? null,
    hint: fields.get("H")?.toString() ?? null,
  };
};

/** I: idle, T: in a transaction, E: in one that failed. */
export type ReadyStatus = "I" | "T" | "E";

export const readyStatus = ({ bytes }: Frame): ReadyStatus => {
  const status = String.fromCharCode(bytes[BODY] ?? 0);
  if (status !== "I" && status !== "T" && status !== "E")
    throw new ProtocolViolation(`ReadyForQuery says ${JSON.stringify(status)}`);
  return status;
};

/** Values of a DataRow in text format. */
export const rowValues = ({ bytes }: Frame): (string | null)[] => {
  const count = bytes.readInt16BE(BODY);
  let at = BODY + 2;
  return Array.from({ length: count }, () => {
    const size = bytes.readInt32BE(at);
    at += 4;
    if (size < 0) return null;
    at += size;
    return bytes.toString("utf8", at - size, at);
  });
};

/** Name and value of a ParameterStatus. */
export const parameterStatus = ({ bytes }: Frame): [string, string] => {
  const first = name(bytes, BODY);
  return [first.value, name(bytes, first.next).value];
};

export const backendPid = ({ bytes }: Frame): number => bytes.readInt32BE(BODY);
