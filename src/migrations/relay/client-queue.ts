import type { Duplex } from "node:stream";
import { FrameReader, type Frame } from "./wire/frames.ts";

const PAUSE_ABOVE_BYTES = 1_000_000;
const RESUME_BELOW_BYTES = 250_000;
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/**
 * The client's messages in order, taken one at a time. While more than a megabyte waits, the client is read no
 * further. After its end, what it had sent still comes.
 */
export class ClientQueue {
  readonly #stream: Duplex;
  readonly #reader = new FrameReader({ maxBytes: MAX_MESSAGE_BYTES });
  #frames: Frame[] = [];
  #bytes = 0;
  #ended = false;
  #failure: unknown = null;
  #wake: (() => void)[] = [];

  constructor(stream: Duplex, rest: Buffer) {
    this.#stream = stream;
    const end = (): void => {
      this.#ended = true;
      this.wake();
    };
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    stream.on("end", end).on("close", end).on("error", end);
    if (rest.length > 0) this.#take(rest);
    stream.resume();
  }

  /** A message that is there already. */
  shift(): Frame | null {
    const frame = this.#frames.shift() ?? null;
    if (frame === null) {
      if (this.#failure !== null) throw this.#failure;
      return null;
    }
    this.#bytes -= frame.bytes.length;
    if (this.#bytes < RESUME_BELOW_BYTES && this.#stream.isPaused()) this.#stream.resume();
    return frame;
  }

  /** The next message when it is there already and of that type. */
  shiftIf(type: string): Frame | null {
    return this.#frames[0]?.type === type || this.#failure !== null ? this.shift() : null;
  }

  /** Type of the message that waits; null: none has come yet. */
  get nextType(): string | null {
    return this.#frames[0]?.type ?? null;
  }

  get ended(): boolean {
    return this.#ended && this.#frames.length === 0;
  }

  /** The next message; null when the client has gone. Throws ProtocolViolation. */
  async next(): Promise<Frame | null> {
    for (;;) {
      const frame = this.shift();
      if (frame !== null || this.#ended) return frame;
      await this.woken();
    }
  }

  /** Resolves at the next message, at the end, or when `wake` is called. */
  woken(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  wake(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }

  #take(chunk: Buffer): void {
    if (this.#failure !== null) return;
    try {
      for (const frame of this.#reader.push(chunk)) {
        this.#frames.push(frame);
        this.#bytes += frame.bytes.length;
      }
    } catch (error) {
      this.#failure = error; // told when what came before it has been worked off
      this.#stream.pause();
    }
    if (this.#bytes > PAUSE_ABOVE_BYTES) this.#stream.pause();
    this.wake();
  }
}
