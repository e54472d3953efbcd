import { randomBytes } from "node:crypto";
import { sha256 } from "../domain/digest.ts";
import type { EnvironmentState } from "../domain/environment-state.ts";
import { AppError } from "../domain/errors.ts";
import { foldEntry } from "../domain/fold.ts";
import { LOG_FORMAT, logKey, mendHint, type LogEntry, type LogEvent } from "../domain/log-entry.ts";
import { seal } from "../domain/sealed.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { readEntry, type ReadEntry } from "./read-log.ts";

export interface LogWriter {
  /**
   * Durable when it resolves. Calls made while one is being written travel together in the next entry, in order. `check`
   * throws when the events may not follow a state; asked again whenever somebody else's entry came in between.
   */
  append(events: LogEvent[], check?: (state: EnvironmentState) => void): Promise<void>;
  /** Written with the next append, in order. For what may be lost: outcomes that observing again would tell, notes. */
  ride(events: LogEvent[]): void;
  state(): EnvironmentState;
}

export interface LogWriterOptions {
  store: Store;
  clock: Clock;
  state: EnvironmentState;
  epoch: number;
  writer: string;
}

interface Waiting {
  events: LogEvent[];
  check: ((state: EnvironmentState) => void) | undefined;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Appends create-only. Losing a number is not being fenced: whoever stands there is read. One's own nonce means that it
 * was written; a lower or equal epoch that leaves this deployment open means chain anew; a higher epoch, or an end of
 * this deployment by another, means FENCED, and every later append fails the same way.
 */
export const makeLogWriter = ({ store, clock, epoch, writer, ...rest }: LogWriterOptions): LogWriter => {
  let state = rest.state;
  let riding: LogEvent[] = [];
  let waiting: Waiting[] = [];
  let writing = false;
  let failed: unknown;

  const write = async (batch: Waiting[]): Promise<void> => {
    const events = batch.flatMap((one) => one.events);
    const nonce = randomBytes(12).toString("hex");
    for (;;) {
      // Taken over and finished between one's taking the lease and reading the log.
      if (state.epoch > epoch) throw fenced(state.epoch);
      for (const { check } of batch) check?.(state);
      const entry: LogEntry = {
        format: LOG_FORMAT,
        minimumReader: LOG_FORMAT,
        sequence: state.sequence + 1,
        epoch,
        writer,
        nonce,
        previous: state.hash,
        at: new Date(clock.nowMs()).toISOString(),
        events,
      };
      const bytes = seal(entry);
      // Folded first: an event that cannot stand there must not be written.
      const next = foldEntry(state, entry, sha256(bytes));
      const standing = await createOrRead({
        store,
        environment: state.environment,
        sequence: entry.sequence,
        bytes,
      });
      if (standing === "created" || standing.entry.nonce === nonce) {
        state = next;
        return;
      }
      const before = state;
      state = foldEntry(state, standing.entry, standing.hash);
      const ended = before.open !== null && before.open.id !== state.open?.id;
      if (standing.entry.epoch > epoch || ended) throw fenced(standing.entry.epoch, standing.entry.writer);
    }
  };

  const flush = async (): Promise<void> => {
    writing = true;
    // Steps that start side by side append within one turn: they share an entry, and its two syncs to the disk.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (failed !== undefined) throw failed;
        await write(batch);
        batch.forEach(({ resolve }) => resolve());
      } catch (error) {
        failed = error;
        batch.forEach(({ reject }) => reject(error));
      }
    }
    writing = false;
  };

  const append: LogWriter["append"] = (events, check) =>
    new Promise((resolve, reject) => {
      const together = [...riding, ...events];
      riding = [];
      if (together.length === 0) return resolve();
      waiting.push({ events: together, check, resolve, reject });
      if (!writing) void flush();
    });

  return { append, ride: (events) => void riding.push(...events), state: () => state };
};

/** A lost answer is told apart by reading: what stands at the number decides. */
const createOrRead = async (write: {
  store: Store;
  environment: string;
  sequence: number;
  bytes: Uint8Array;
}): Promise<"created" | ReadEntry> => {
  const { store, environment, sequence, bytes } = write;
  let lost: unknown;
  try {
    if ((await store.create(logKey(environment, sequence), bytes)) === "created") return "created";
  } catch (error) {
    lost = error;
  }
  const standing = await readEntry(store, environment, sequence);
  if (standing !== null) return standing;
  throw (
    lost ??
    new AppError("STORE_CORRUPT", `Log entry ${sequence} of ${environment} is there and cannot be read.`, {
      hint: mendHint(environment, logKey(environment, sequence)),
    })
  );
};

const fenced = (epoch: number, writer = "Another deployer"): AppError =>
  new AppError("FENCED", `${writer} took this environment over; nothing further was done.`, {
    hint: "switchback status",
    context: { writer, epoch },
  });
