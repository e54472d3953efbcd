import { sha256 } from "../../src/domain/digest.ts";
import { emptyState, foldEntry } from "../../src/domain/fold.ts";
import { LOG_FORMAT, logKey, type LogEntry } from "../../src/domain/log-entry.ts";
import { seal } from "../../src/domain/sealed.ts";
import { encodeHead, headKey } from "../../src/engine/read-log.ts";
import type { makeMemoryStore } from "../helpers/memory-store.ts";

type Objects = [key: string, bytes: Uint8Array][];

const made = new Map<string, Objects>();

/** A log of so many notes, and its head: what stands before anybody begins. */
export const putPast = async (
  store: ReturnType<typeof makeMemoryStore>,
  environment: string,
  entries: number,
): Promise<void> => {
  if (entries === 0) return;
  const key = `${environment} ${entries}`;
  if (!made.has(key)) made.set(key, makePast(environment, entries));
  for (const [name, bytes] of made.get(key)!) await store.create(name, bytes);
};

const makePast = (environment: string, entries: number): Objects => {
  const objects: Objects = [];
  let state = emptyState(environment);
  while (state.sequence < entries) {
    const entry: LogEntry = {
      format: LOG_FORMAT,
      minimumReader: LOG_FORMAT,
      sequence: state.sequence + 1,
      epoch: 0,
      writer: "past",
      nonce: String(state.sequence),
      previous: state.hash,
      at: "2026-01-01T00:00:00.000Z",
      events: [{ type: "note", actor: "past", text: "a note" }],
    };
    const bytes = seal(entry);
    state = foldEntry(state, entry, sha256(bytes));
    objects.push([logKey(environment, entry.sequence), bytes]);
  }
  return [...objects, [headKey(environment), encodeHead(state)]];
};
