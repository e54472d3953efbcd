import { ResponseSyntaxError } from "./response-head.ts";

const CR = 13;
const LF = 10;

type State = "size" | "extension" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer" | "end";

/**
 * Decodes `Transfer-Encoding: chunked` (RFC 9112, 7.1) piece by piece, however the bytes are cut. Chunk extensions and
 * trailers are read and dropped. Throws ResponseSyntaxError for anything else.
 */
export class ChunkedBody {
  done = false;
  private state: State = "size";
  private remaining = 0;
  private digits = 0;
  private lineBytes = 0;
  private trailerBytes = 0;

  /** Gives decoded views of `bytes` to `onData`; returns where it stopped: the end, or just behind the last chunk. */
  decode(bytes: Buffer, onData: (view: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.state === "data") {
        const end = Math.min(bytes.length, at + this.remaining);
        onData(bytes.subarray(at, end));
        this.remaining -= end - at;
        at = end;
        if (this.remaining === 0) this.state = "data-cr";
      } else this.step(bytes[at++] ?? 0);
    }
    return at;
  }

  private step(byte: number): void {
    switch (this.state) {
      case "size":
        return this.sizeByte(byte);
      case "extension":
        if (++this.trailerBytes > 16_384) throw new ResponseSyntaxError("chunk extensions too long");
        if (byte === CR) this.state = "size-lf";
        else if (byte === LF) throw new ResponseSyntaxError("a bare line feed");
        return;
      case "size-lf":
        expect(byte, LF);
        this.state = this.remaining === 0 ? "trailer" : "data";
        this.lineBytes = 0;
        this.digits = 0;
        return;
      case "data-cr":
        expect(byte, CR);
        this.state = "data-lf";
        return;
      case "data-lf":
        expect(byte, LF);
        this.state = "size";
        return;
      case "trailer":
        return this.trailerByte(byte);
      case "data":
      case "end":
        return;
    }
  }

  private sizeByte(byte: number): void {
    const digit = hexValue(byte);
    if (digit >= 0) {
      if (++this.digits > 12) throw new ResponseSyntaxError("a chunk too large");
      this.remaining = this.remaining * 16 + digit;
      return;
    }
    if (this.digits === 0) throw new ResponseSyntaxError("a chunk without a size");
    if (byte === CR) this.state = "size-lf";
    else if (byte === 59 || byte === 32 || byte === 9) this.state = "extension";
    else throw new ResponseSyntaxError("a chunk size that is no number");
  }

  private trailerByte(byte: number): void {
    if (++this.trailerBytes > 16_384) throw new ResponseSyntaxError("trailers too long");
    if (byte === LF) {
      if (this.lineBytes === 0) {
        this.done = true;
        this.state = "end";
      }
      this.lineBytes = 0;
    } else if (byte !== CR) this.lineBytes++;
  }
}

const expect = (byte: number, wanted: number): void => {
  if (byte !== wanted) throw new ResponseSyntaxError("a chunk with a wrong end");
};

const hexValue = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return -1;
};
