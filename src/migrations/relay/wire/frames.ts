/** One message of the wire protocol: its type's letter, and all its bytes with type and length. */
export interface Frame {
  type: string;
  bytes: Buffer;
}

const HEADER_BYTES = 5;

/** Bytes that no PostgreSQL sends: the stream is not understood from here on. */
export class ProtocolViolation extends Error {
  override readonly name = "ProtocolViolation";
}

export interface FrameLimits {
  /** Larger messages are a violation, which bounds what one connection can make the relay hold. */
  maxBytes: number;
}

/**
 * Cuts a stream of chunks into whole messages. Holds at most one message that is not yet whole. Throws
 * ProtocolViolation for a length that cannot be, before its bytes are waited for.
 */
export class FrameReader {
  readonly #limits: FrameLimits;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Bytes of a message that is not whole yet. */
  get held(): number {
    return this.#held;
  }

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return [];
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const size = this.#sizeAt(all, at);
      if (size === null || at + size > all.length) {
        this.#wanted = size ?? HEADER_BYTES;
        break;
      }
      frames.push({ type: String.fromCharCode(all[at] ?? 0), bytes: all.subarray(at, at + size) });
      at += size;
    }
    this.#held = all.length - at;
    this.#chunks = this.#held === 0 ? [] : [all.subarray(at)];
    return frames;
  }

  /** Size of the message that begins there, type and length included; null when its header is not whole. */
  #sizeAt(all: Buffer, at: number): number | null {
    if (all.length - at < HEADER_BYTES) return null;
    const length = all.readInt32BE(at + 1);
    if (length < 4)
      throw new ProtocolViolation(`a message of type ${typeName(all[at])} has the length ${length}`);
    if (length + 1 > this.#limits.maxBytes)
      throw new ProtocolViolation(
        `a message of type ${typeName(all[at])} has ${length} bytes, and ${this.#limits.maxBytes} are allowed`,
      );
    return length + 1;
  }
}

export const typeName = (code: number | undefined): string =>
  code !== undefined && code >= 0x21 && code <= 0x7e ? `"${String.fromCharCode(code)}"` : String(code);
