import { connect } from "node:net";

const ANSWER_WITHIN_MS = 2_000;

/** Whether a server with this password answers on the port, and has loaded its data. */
export const ping = (port: number, password: string): Promise<boolean> =>
  new Promise((resolve) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1" });
    const finish = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.includes("+OK\r\n+PONG\r\n")) finish(true);
      else if (text.includes("\r\n-") || text.startsWith("-")) finish(false);
    });
  });
