import type { ServerResponse } from "node:http";
import type { ResponseHead } from "./response-head.ts";

/** What Node's ServerResponse keeps of an answer that was sent. */
interface ResponseState {
  _header: string | null;
  _headerSent: boolean;
  finished: boolean;
}

/**
 * Sends a whole answer of known length as one write, and ends `response` as `end` would. `body` is latin1 text. False, and nothing
 * done, when the answer is not plain: an older or closing connection, or one whose turn has not come (pipelining).
 * Half the cost of `writeHead` and `end`, which parse, check and join again what was parsed and checked before.
 */
export const answerWhole = (
  response: ServerResponse,
  head: ResponseHead,
  body: string,
  keepAliveMs: number,
): boolean => {
  const { socket, req } = response;
  const state = response as unknown as ResponseState;
  if (socket === null || socket.destroyed || socket.writableCorked > 0) return false;
  if (!response.shouldKeepAlive || req.httpVersionMinor !== 1 || req.method === "HEAD") return false;
  if (state._header !== null || state.finished !== false) return false;
  const date = head.hasDate ? "" : `Date: ${httpDate()}\r\n`;
  const text =
    `HTTP/1.1 ${head.status} ${head.reason}\r\n${head.lines}${date}` +
    `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1_000)}\r\n\r\n`;
  state._header = text;
  state._headerSent = true;
  state.finished = true;
  socket.write(text + body, "latin1");
  response.emit("prefinish");
  response.emit("finish");
  return true;
};

let dateSecond = 0;
let dateText = "";

const httpDate = (): string => {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1_000).toUTCString();
  }
  return dateText;
};
