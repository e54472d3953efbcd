import type { Socket } from "node:net";
import { Client } from "pg";
import { FrameReader, type Frame } from "../../src/migrations/relay/wire/frames.ts";

/** A session in bytes: logged in by `pg`, then driven message by message. */
export interface RawSession {
  send(...messages: Buffer[]): void;
  /** Everything up to that many ReadyForQuery, or the next message that is awaited. */
  until(enough: (frames: Frame[]) => boolean): Promise<Frame[]>;
  ready(times?: number): Promise<Frame[]>;
  socket: Socket;
  closed: Promise<void>;
  end(): void;
}

export const openRaw = async (url: string): Promise<RawSession> => {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
  for (const event of ["data", "end", "close", "error", "readable"]) socket.removeAllListeners(event);
  const reader = new FrameReader({ maxBytes: 1e9 });
  let frames: Frame[] = [];
  let wake: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
      wake();
    });
  });
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    frames.push(...reader.push(chunk));
    wake();
  });
  socket.resume();
  // Streams that lose a listener begin to flow in the next turn, whatever is said in this one.
  await new Promise((resolve) => setImmediate(resolve));
  const until = async (enough: (all: Frame[]) => boolean): Promise<Frame[]> => {
    while (!enough(frames) && !socket.destroyed)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const taken = frames;
    frames = [];
    return taken;
  };
  return {
    send: (...messages) => void socket.write(Buffer.concat(messages)),
    until,
    ready: (times = 1) => until((all) => all.filter(({ type }) => type === "Z").length >= times),
    socket,
    closed,
    end: () => socket.destroy(),
  };
};

/** A message in words, without what differs from session to session: numbers of tables, places in PostgreSQL's source. */
export const told = ({ type, bytes }: Frame): string => {
  if (type === "E" || type === "N")
    return `${type} ${bytes
      .subarray(5)
      .toString()
      .split("\0")
      .filter((field) => field !== "" && !"FLR".includes(field[0] ?? ""))
      .join(" | ")}`;
  if (type === "A") return `A ${bytes.subarray(9).toString().replaceAll("\0", " ")}`;
  if (type !== "T") return `${type} ${bytes.subarray(5).toString("latin1")}`;
  const columns: string[] = [];
  let at = 7;
  for (let left = bytes.readInt16BE(5); left > 0; left--) {
    const end = bytes.indexOf(0, at);
    // name, number of the column, type, size, modifier, format
    columns.push(
      `${bytes.toString("utf8", at, end)} ${bytes.readInt16BE(end + 5)} ${bytes.readInt32BE(end + 7)} ${bytes.readInt16BE(end + 11)} ${bytes.readInt32BE(end + 13)} ${bytes.readInt16BE(end + 17)}`,
    );
    at = end + 19;
  }
  return `T ${columns.join(", ")}`;
};
