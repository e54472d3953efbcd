import type { Socket } from "node:net";

/** What is told when its client is gone. */
export interface ClientWork {
  clientGone(): void;
}

/** One connection from a client: its address, and what is to be given up when it closes. */
export class ClientConnection {
  readonly address: string;
  private readonly work = new Set<ClientWork>();

  constructor(socket: Socket) {
    this.address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    socket.once("close", () => {
      for (const work of this.work) work.clientGone();
      this.work.clear();
    });
  }

  begin(work: ClientWork): void {
    this.work.add(work);
  }

  end(work: ClientWork): void {
    this.work.delete(work);
  }
}

const connections = new WeakMap<Socket, ClientConnection>();

export const clientOf = (socket: Socket): ClientConnection => {
  let client = connections.get(socket);
  if (client === undefined) connections.set(socket, (client = new ClientConnection(socket)));
  return client;
};
