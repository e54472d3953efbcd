import type { IncomingMessage } from "node:http";
import type { UpstreamConnection } from "./upstream-connection.ts";

/** Passes a request's body to an instance as fast as the instance takes it, holding no more than what is in the sockets' buffers. */
export class Upload {
  private readonly request: IncomingMessage;
  private readonly connection: UpstreamConnection;
  private readonly nowMs: () => number;
  private readonly chunked: boolean;

  constructor(request: IncomingMessage, connection: UpstreamConnection, nowMs: () => number) {
    this.request = request;
    this.connection = connection;
    this.nowMs = nowMs;
    this.chunked = request.headers["transfer-encoding"] !== undefined;
    request.on("data", this.onData);
    request.on("end", this.onEnd);
    connection.socket.on("drain", this.onDrain);
  }

  /** What is left of the body is read and dropped, so that the client's connection stays usable. */
  stop(): void {
    this.request.off("data", this.onData);
    this.request.off("end", this.onEnd);
    this.connection.socket.off("drain", this.onDrain);
    this.request.resume();
  }

  private readonly onData = (chunk: Buffer): void => {
    const { socket } = this.connection;
    this.connection.sinceMs = this.nowMs();
    if (!this.chunked) {
      if (!socket.write(chunk)) this.request.pause();
      return;
    }
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk);
    if (!socket.write("\r\n", "latin1")) this.request.pause();
    socket.uncork();
  };

  private readonly onDrain = (): void => {
    this.connection.sinceMs = this.nowMs();
    this.request.resume();
  };

  private readonly onEnd = (): void => {
    if (this.chunked) this.connection.socket.write("0\r\n\r\n", "latin1");
    this.connection.endBody();
  };
}
