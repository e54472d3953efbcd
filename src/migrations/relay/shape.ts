import type { Frame } from "./wire/frames.ts";
import { reportFields } from "./wire/read.ts";
import { report } from "./wire/write.ts";

/** How the answers to a message reach the client. */
export type Shape =
  | { as: "it-came" }
  /** The client sent a text by the simple protocol: what only the extended one says is left out. `skipped` characters stand before the statement; of the last one, the tag waits for the commit. */
  | { as: "simple"; skipped: number; last: boolean }
  /** The relay asked for its own sake. */
  | { as: "nothing" }
  /** The same, but its failure is the client's, too. */
  | { as: "errors" }
  /** As it came, but ReadyForQuery, which the relay gives when it has looked. */
  | { as: "not-ready" };

/** ParseComplete, BindComplete, CloseComplete, NoData, ParameterDescription. */
const EXTENDED_ONLY = "123nt";

/** Positions in a statement become those in the text that it was cut from. */
const moved = (frame: Frame, skipped: number): Buffer => {
  const fields = reportFields(frame);
  const position = fields.get("P");
  if (skipped === 0 || position === undefined) return frame.bytes;
  fields.set("P", Buffer.from(String(Number(position.toString()) + skipped)));
  return report(frame.type === "E" ? "E" : "N", fields);
};

/** What the client gets of a message of the server; null: nothing. */
export const shaped = (frame: Frame, shape: Shape): Buffer | null => {
  switch (shape.as) {
    case "it-came":
      return frame.bytes;
    case "not-ready":
      return frame.type === "Z" ? null : frame.bytes;
    case "errors":
      return frame.type === "E" ? frame.bytes : shaped(frame, { as: "nothing" });
    case "nothing":
      // A setting that changed, or a notification: the client's, whenever they come.
      return frame.type === "S" || frame.type === "A" ? frame.bytes : null;
    case "simple":
      if (EXTENDED_ONLY.includes(frame.type)) return null;
      return frame.type === "E" || frame.type === "N" ? moved(frame, shape.skipped) : frame.bytes;
  }
};
