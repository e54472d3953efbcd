import pg from "pg";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import { systemClock } from "../../test/helpers/system-clock.ts";

const STATEMENTS = 50;

/** One statement after the other, each a transaction of its own; milliseconds a statement. */
const run = async (url: string, round: number): Promise<number> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const startedMs = performance.now();
    for (let index = 0; index < STATEMENTS; index += 1)
      await client.query(`alter table t${index} add column c${round} integer`);
    return (performance.now() - startedMs) / STATEMENTS;
  } finally {
    await client.end();
  }
};

/** What a watched statement takes longer than one that is not, in a database of so many tables; by round. */
export const relayOverhead = async (options: {
  tables: number;
  rounds: number;
}): Promise<{ direct: number; watched: number }[]> => {
  const { signal } = new AbortController();
  const server = await startThrowaway({ major: 18, clock: systemClock, signal });
  try {
    const url = server.url("postgres");
    const client = new pg.Client(url);
    await client.connect();
    for (let index = 0; index < options.tables; index += 1)
      await client.query(`create table t${index} (id bigint primary key, a text, b integer)`);
    await client.end();
    const relay = await startRelay({ server, mode: "locks", signal, clock: systemClock });
    const rounds = [];
    for (let round = -1; round < options.rounds; round += 1) {
      const direct = await run(url, 2 * (round + 1));
      const watched = await run(relay.url(url), 2 * (round + 1) + 1);
      if (round >= 0) rounds.push({ direct, watched });
    }
    await relay.close();
    return rounds;
  } finally {
    await server.stop();
  }
};
