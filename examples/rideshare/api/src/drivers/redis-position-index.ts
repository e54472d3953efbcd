import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import { errorFields, type Log } from "../log.ts";
import type { Point } from "../rides/place.ts";
import type { PositionIndex } from "./position-index.ts";

// A Redis that does not answer in this time is treated as absent: the database answers instead.
const commandTimeoutMs = 250;
const recoverEveryMs = 1_000;
// Redis stores positions as 52-bit geohashes, uses another earth radius, and knows no places near the poles.
const radiusSlack = 1.001;
const roundingM = 2;
const maxLatitude = 85.05;

export interface RedisIndexOptions {
  url: string;
  key: string;
  /** Positions to fill an empty or outdated index with, read whenever Redis comes back. */
  known: () => Promise<({ id: string } & Point)[]>;
  log: Log;
}

/** While `filling`, moves are written already, so that none is missed, but searches are not answered yet. */
type State = "down" | "filling" | "up";

/**
 * Connects in the background and goes on trying; until then every search answers null. One command that fails or
 * takes too long ends the use of Redis until it answers again and holds all that happened meanwhile.
 */
export const openRedisPositionIndex = ({ url, key, known, log }: RedisIndexOptions): PositionIndex => {
  let state: State = "down";
  const closed = new AbortController();
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 1_000,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** Math.min(retries, 6), 5_000),
    },
  });
  // Reconnecting is the client's own business; each failed attempt of it arrives here.
  client.on("error", (error: unknown) => leave(error));
  client.connect().catch(() => {});

  const leave = (error: unknown): void => {
    if (state === "up") log.warn("Redis is out of reach, the database answers instead", errorFields(error));
    state = "down";
  };
  const attempt = async <T>(command: () => Promise<T>): Promise<T | null> => {
    try {
      return await withinTime(command());
    } catch (error) {
      leave(error);
      return null;
    }
  };
  const write = async (command: () => Promise<unknown>): Promise<void> => {
    if (state !== "down") await attempt(command);
  };
  const fill = async (): Promise<void> => {
    const members = (await known()).filter(({ lat }) => Math.abs(lat) <= maxLatitude);
    if (members.length === 0) return;
    const geo = members.map(({ id, lat, lng }) => ({ member: id, latitude: lat, longitude: lng }));
    await withinTime(client.geoAdd(key, geo));
  };
  const recover = async (): Promise<void> => {
    if (state !== "down" || !client.isReady || (await attempt(() => client.ping())) === null) return;
    state = "filling";
    try {
      await fill();
    } catch (error) {
      log.warn("Redis could not be filled", errorFields(error));
      state = "down";
    }
    // A command that failed meanwhile has set it back to down.
    if (state === "filling") state = "up";
    if (state === "up") log.info("Redis is in use");
  };
  const goOnRecovering = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await recover();
      await sleep(recoverEveryMs, undefined, { signal: closed.signal }).catch(() => {});
    }
  };
  client.on("ready", () => void recover());
  const recovering = goOnRecovering();

  return {
    put: (driverId, { lat, lng }) =>
      Math.abs(lat) > maxLatitude
        ? write(() => client.zRem(key, driverId))
        : write(() => client.geoAdd(key, { member: driverId, latitude: lat, longitude: lng })),
    remove: (driverId) => write(() => client.zRem(key, driverId)),
    async search({ lat, lng }, radiusM) {
      if (state !== "up" || Math.abs(lat) > maxLatitude - 1) return null;
      const reach = { radius: radiusM * radiusSlack + roundingM, unit: "m" as const };
      return attempt(() => client.geoSearch(key, { latitude: lat, longitude: lng }, reach));
    },
    state: async () => (state === "up" && (await attempt(() => client.ping())) !== null ? "ok" : "down"),
    async close() {
      closed.abort();
      client.destroy();
      await recovering;
    },
  };
};

/** The client's own time limit ends once a command is on its way, so a silent server needs this one. */
const withinTime = async <T>(command: Promise<T>): Promise<T> => {
  const done = new AbortController();
  const timeout = sleep(commandTimeoutMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`Redis did not answer within ${commandTimeoutMs} ms`);
  });
  try {
    return await Promise.race([command, timeout]);
  } finally {
    done.abort();
    timeout.catch(() => {});
    command.catch(() => {});
  }
};
