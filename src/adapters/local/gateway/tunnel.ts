import type { Socket } from "node:net";
import type { Closable } from "./upstream.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

/** Bytes both ways between a client and an instance after an upgrade, with back-pressure, until either side ends. */
export class Tunnel implements Closable {
  private readonly client: Socket;
  private readonly connection: UpstreamConnection;
  private readonly onOver: () => void;
  private over = false;

  constructor(client: Socket, connection: UpstreamConnection, onOver: () => void) {
    this.client = client;
    this.connection = connection;
    this.onOver = onOver;
    const upstream = connection.socket;
    client.setTimeout(0);
    client.on("data", (chunk: Buffer) => {
      if (!upstream.write(chunk)) client.pause();
    });
    upstream.on("drain", () => client.resume());
    client.on("drain", () => connection.resume());
    // Half-open connections are not kept: whoever ends first has said all there is to say.
    client.once("end", () => upstream.end());
    upstream.once("end", () => client.end());
    client.once("close", () => this.close());
    upstream.once("close", () => this.close());
    client.resume();
  }

  /** False: the client is slower than the instance. */
  fromUpstream(view: Buffer): boolean {
    return this.client.write(Buffer.from(view));
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.client.destroySoon();
    this.connection.destroy();
    this.onOver();
  }
}
