import type { Duplex } from "node:stream";
import { TLSSocket, createSecureContext, type SecureContext } from "node:tls";
import { makeCertificate } from "./certificate.ts";
import { ProtocolViolation } from "./wire/frames.ts";
import { readStartup, type StartupPacket } from "./wire/startup.ts";

/** How a connection begins: which of the two it asks for, on which stream the rest follows, and what came along. */
export interface Greeting {
  packet: Extract<StartupPacket, { kind: "startup" | "cancel" }>;
  stream: Duplex;
  /** Bytes after the packet. */
  rest: Buffer;
}

let context: SecureContext | null = null;
/** One key a process, made when the first client asks for TLS. */
const secureContext = (): SecureContext => (context ??= createSecureContext(makeCertificate()));

/** The next chunk; null at the end. The stream is paused in between, so that nothing is lost when it changes hands. */
const nextChunk = (stream: Duplex): Promise<Buffer | null> =>
  new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      stream.off("data", onData).off("end", onEnd).off("close", onEnd).off("error", onError);
      stream.pause();
      act();
    };
    const onData = (chunk: Buffer): void => done(() => resolve(chunk));
    const onEnd = (): void => done(() => resolve(null));
    const onError = (error: Error): void => done(() => reject(error));
    stream.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onError);
    stream.resume();
  });

const upgrade = (stream: Duplex, read: Buffer): TLSSocket => {
  if (read.length > 0) stream.unshift(read);
  const secure = new TLSSocket(stream as ConstructorParameters<typeof TLSSocket>[0], {
    isServer: true,
    secureContext: secureContext(),
    ALPNProtocols: ["postgresql"],
  });
  secure.pause();
  return secure;
};

/**
 * Reads up to the startup or cancel packet. TLS is granted to everyone who asks, by a certificate that proves nothing;
 * clients that only prefer it lose a millisecond. Null when the client went away. Throws ProtocolViolation.
 */
export const greet = async (first: Duplex): Promise<Greeting | null> => {
  let stream = first;
  let held: Buffer = Buffer.alloc(0);
  let secured = false;
  for (;;) {
    const packet = readStartup(held);
    if (packet === null) {
      const chunk = await nextChunk(stream);
      if (chunk === null) return null;
      held = Buffer.concat([held, chunk]);
      continue;
    }
    const rest = held.subarray(packet.size);
    switch (packet.kind) {
      case "startup":
      case "cancel":
        return { packet, stream, rest };
      case "gss":
        stream.write("N");
        held = rest;
        break;
      case "ssl":
      case "direct-tls":
        if (secured) throw new ProtocolViolation("TLS is asked for within TLS");
        // What was sent in plain after asking would count as if it had come encrypted (CVE-2021-23222).
        if (packet.kind === "ssl" && rest.length > 0)
          throw new ProtocolViolation("unencrypted bytes follow the request for TLS");
        if (packet.kind === "ssl") stream.write("S");
        stream = upgrade(stream, packet.kind === "ssl" ? Buffer.alloc(0) : held);
        held = Buffer.alloc(0);
        secured = true;
        break;
    }
  }
};
