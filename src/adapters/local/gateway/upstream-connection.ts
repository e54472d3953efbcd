import { connect, type Socket } from "node:net";
import { ChunkedBody } from "./chunked-body.ts";
import { parseResponseHead, type ResponseHead } from "./response-head.ts";

/** Why an attempt failed, by what it says about repeating it. */
export type AttemptFailure =
  /** No connection: not a byte was sent. */
  | "refused"
  /** Sent, at least in part, and not a byte came back. */
  | "no-answer"
  /** No head in time. */
  | "timeout"
  /** The answer began, and broke off or is not HTTP. */
  | "broken";

export interface ResponseHandler {
  onConnected(): void;
  onHead(head: ResponseHead): void;
  /** The head is complete and no byte of its body is there yet. */
  onHeadAlone(): void;
  /** `view` is valid only during the call. False: stop reading until `resume`. */
  onData(view: Buffer, last: boolean): boolean;
  onEnd(): void;
  /** 101: from now on bytes pass as they are. */
  onUpgrade(head: ResponseHead, rest: Buffer): void;
  onTunnelData(view: Buffer): boolean;
  onFailed(failure: AttemptFailure): void;
}

export interface ConnectionOwner {
  onIdle(connection: UpstreamConnection): void;
  onClosed(connection: UpstreamConnection): void;
}

const MAX_HEAD_BYTES = 64 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");
// One buffer for all connections: a read is handled to its end before the next one is made.
const readBuffer = Buffer.allocUnsafeSlow(128 * 1024);

type Phase = "idle" | "head" | "length" | "chunked" | "close" | "tunnel";

/** One keep-alive HTTP/1.1 connection to an instance, one request at a time. Every `send` ends in exactly one of onEnd, onUpgrade and onFailed, unless `destroy` is called. */
export class UpstreamConnection {
  connected = false;
  closed = false;
  /** When it became idle, connecting or busy, or last sent a byte: for the time limits. */
  sinceMs: number;
  idleMs: number | null = null;
  readonly socket: Socket;
  private readonly owner: ConnectionOwner;
  private handler: ResponseHandler | null = null;
  private phase: Phase = "idle";
  private method = "";
  private pending: Buffer | null = null;
  private head: ResponseHead | null = null;
  private remaining = 0;
  private chunked: ChunkedBody | null = null;
  private uploading = false;
  private flowing = true;

  constructor(port: number, owner: ConnectionOwner, nowMs: number) {
    this.owner = owner;
    this.sinceMs = nowMs;
    this.socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: readBuffer, callback: (bytes) => this.onRead(bytes) },
    });
    this.socket.once("connect", () => {
      this.connected = true;
      this.handler?.onConnected();
    });
    this.socket.on("end", () => this.onEof());
    this.socket.on("error", () => {});
    this.socket.once("close", () => this.onClose());
  }

  /** Waiting for a connection or for the head of an answer. */
  get awaiting(): boolean {
    return this.phase === "head";
  }

  /** False from the moment that either side began to close it. */
  get usable(): boolean {
    return !this.closed && !this.socket.destroyed && !this.socket.readableEnded;
  }

  get busy(): boolean {
    return this.handler !== null;
  }

  /** `head` is the whole request head; with `upload` the handler writes a body to `socket` once connected, then calls `endBody`. */
  send(
    request: { head: string; method: string; upload: boolean; nowMs: number },
    handler: ResponseHandler,
  ): void {
    this.handler = handler;
    this.method = request.method;
    this.phase = "head";
    this.head = null;
    this.uploading = request.upload;
    this.sinceMs = request.nowMs;
    this.socket.write(request.head, "latin1");
    if (this.connected) handler.onConnected();
  }

  endBody(): void {
    this.uploading = false;
  }

  resume(): void {
    this.flowing = true;
    if (!this.closed) this.socket.resume();
  }

  /** Ends it at once; its handler hears nothing any more. */
  destroy(): void {
    this.handler = null;
    this.socket.destroy();
  }

  fail(failure: AttemptFailure): void {
    const handler = this.handler;
    this.destroy();
    handler?.onFailed(failure);
  }

  private onRead(bytes: number): boolean {
    const view = readBuffer.subarray(0, bytes);
    if (this.handler === null) {
      // Nobody asked: whatever this is, the connection cannot be trusted any more.
      this.socket.destroy();
      return false;
    }
    try {
      this.push(view);
    } catch {
      this.fail("broken");
    }
    return this.flowing;
  }

  private push(view: Buffer): void {
    switch (this.phase) {
      case "head":
        return this.pushHead(view);
      case "length":
        return this.pushLength(view);
      case "chunked":
        return this.pushChunked(view);
      case "close":
        this.flowing = this.handler?.onData(view, false) ?? true;
        return;
      case "tunnel":
        this.flowing = this.handler?.onTunnelData(view) ?? true;
        return;
      case "idle":
        return;
    }
  }

  private pushHead(view: Buffer): void {
    const bytes = this.pending === null ? view : Buffer.concat([this.pending, view]);
    const end = bytes.indexOf(HEAD_END);
    if (end === -1 || end > MAX_HEAD_BYTES) {
      if (bytes.length > MAX_HEAD_BYTES) throw new Error("head too long");
      this.pending = Buffer.from(bytes);
      return;
    }
    this.pending = null;
    const head = parseResponseHead(bytes.toString("latin1", 0, end + 2), this.method);
    const rest = bytes.subarray(end + 4);
    if (head.status === 101) return this.upgrade(head, rest);
    if (head.status < 200) return rest.length === 0 ? undefined : this.pushHead(rest);
    this.head = head;
    if (head.idleMs !== null) this.idleMs = head.idleMs;
    this.handler?.onHead(head);
    this.beginBody(head, rest);
  }

  private beginBody(head: ResponseHead, rest: Buffer): void {
    if (head.framing === "none") return this.complete(rest.length);
    this.phase = head.framing;
    this.remaining = head.length;
    if (head.framing === "chunked") this.chunked = new ChunkedBody();
    if (rest.length === 0) this.handler?.onHeadAlone();
    else this.push(rest);
  }

  private pushLength(view: Buffer): void {
    const extra = view.length - this.remaining;
    const mine = extra > 0 ? view.subarray(0, this.remaining) : view;
    this.remaining -= mine.length;
    const last = this.remaining === 0;
    const flowing = this.handler?.onData(mine, last) ?? true;
    if (last) this.complete(extra);
    else this.flowing = flowing;
  }

  private pushChunked(view: Buffer): void {
    const body = this.chunked;
    if (body === null) return;
    let flowing = true;
    const at = body.decode(view, (piece) => {
      if (this.handler?.onData(piece, false) === false) flowing = false;
    });
    if (body.done) this.complete(view.length - at);
    else this.flowing = flowing;
  }

  /** The answer is whole. `extra` bytes behind it make the connection unusable, as does a body still being sent. */
  private complete(extra: number): void {
    const handler = this.handler;
    const reusable = this.head?.keepAlive === true && extra <= 0 && !this.uploading && !this.closed;
    this.handler = null;
    this.phase = "idle";
    this.chunked = null;
    this.flowing = true;
    if (reusable) this.owner.onIdle(this);
    else this.socket.destroy();
    handler?.onEnd();
  }

  private upgrade(head: ResponseHead, rest: Buffer): void {
    this.phase = "tunnel";
    this.handler?.onUpgrade(head, Buffer.from(rest));
  }

  private onEof(): void {
    if (this.phase === "close") this.complete(0);
    else if (this.phase !== "tunnel") this.socket.destroy();
  }

  private onClose(): void {
    this.closed = true;
    const handler = this.handler;
    this.handler = null;
    this.owner.onClosed(this);
    if (handler === null) return;
    if (!this.connected) handler.onFailed("refused");
    else handler.onFailed(this.phase === "head" && this.pending === null ? "no-answer" : "broken");
  }
}
