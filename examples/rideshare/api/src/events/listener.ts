import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { errorFields, type Log } from "../log.ts";
import type { Hub, Topic } from "./hub.ts";

const channel = "rideshare_events";
const checkEveryMs = 15_000;
const longestPauseMs = 5_000;

/**
 * Feeds the hub with what any process wrote to the database, over one connection. After a lost connection it
 * connects again and announces everything, because notifications of the meantime are gone.
 */
export const runListener = async (
  { databaseUrl, hub, log }: { databaseUrl: string; hub: Hub; log: Log },
  signal: AbortSignal,
): Promise<void> => {
  let pauseMs = 250;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: "rideshare-api-events",
      connectionTimeoutMillis: 3_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on("error", () => lost.abort());
    client.on("end", () => lost.abort());
    client.on("notification", ({ payload }) => hub.announce(topicsOf(payload)));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      pauseMs = 250;
      hub.announceAll();
      await holdOpen(client, AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      log.warn("The event connection failed", errorFields(error));
    }
    await client.end().catch(() => {});
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
};

/** Asks something now and then: a server that vanished without a word would otherwise never be noticed. */
const holdOpen = async (client: pg.Client, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await sleep(checkEveryMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await client.query("select 1");
  }
};

const topicsOf = (payload: string | undefined): Topic[] => {
  const { ride, drivers } = JSON.parse(payload ?? "{}") as { ride?: string; drivers?: string[] };
  return [
    ...(ride ? [`ride:${ride}` as const] : []),
    ...(drivers ?? []).map((id) => `driver:${id}` as const),
  ];
};
