import { ProtocolViolation } from "./frames.ts";

const CANCEL = 80_877_102;
const SSL = 80_877_103;
const GSS = 80_877_104;
/** PostgreSQL's own limit of a startup packet. */
const MAX_BYTES = 10_000;
const TLS_HANDSHAKE = 0x16;

export type StartupPacket =
  | { kind: "ssl" | "gss" | "direct-tls"; size: number }
  | { kind: "cancel"; pid: number; bytes: Buffer; size: number }
  | { kind: "startup"; parameters: Map<string, string>; bytes: Buffer; size: number };

const parametersOf = (bytes: Buffer): Map<string, string> => {
  const words = bytes.toString("utf8", 8).split("\0");
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < words.length && words[at] !== ""; at += 2)
    parameters.set(words[at] ?? "", words[at + 1] ?? "");
  return parameters;
};

/** The packet that a connection begins with (it has no type letter); null while it is not whole. */
export const readStartup = (all: Buffer): StartupPacket | null => {
  if (all.length === 0) return null;
  // Since version 17, clients may begin with TLS at once (sslnegotiation=direct).
  if (all[0] === TLS_HANDSHAKE) return { kind: "direct-tls", size: 0 };
  if (all.length < 8) return null;
  const size = all.readInt32BE(0);
  if (size < 8 || size > MAX_BYTES) throw new ProtocolViolation(`a startup packet has the length ${size}`);
  if (all.length < size) return null;
  const bytes = all.subarray(0, size);
  switch (all.readInt32BE(4)) {
    case SSL:
      return { kind: "ssl", size };
    case GSS:
      return { kind: "gss", size };
    case CANCEL:
      if (size < 16) throw new ProtocolViolation("a cancel request has no key");
      return { kind: "cancel", pid: bytes.readInt32BE(8), bytes, size };
    default:
      // Which versions there are is for the server to say.
      return { kind: "startup", parameters: parametersOf(bytes), bytes, size };
  }
};

/** Connections for replication speak a language of their own. */
export const isReplication = (parameters: Map<string, string>): boolean => {
  const value = parameters.get("replication")?.toLowerCase();
  return value !== undefined && !["false", "off", "no", "0"].includes(value);
};
