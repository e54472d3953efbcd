import type { Random } from "./random.ts";

/** What may happen to one call of a deployer to the store or the platform. */
export const FAULTS = [
  "none",
  "slow",
  "throttled",
  "lost request",
  "lost answer",
  "late",
  "sent twice",
  "crash before",
  "crash after",
  "pause before",
  "pause after",
  "outage",
] as const;
export type Fault = (typeof FAULTS)[number];

/** Kinds of calls, as the table of events and faults names them: of the store first. */
export const CALLS = [
  "append to the log",
  "replace the lease",
  "replace the head",
  "write a checkpoint",
  "read the store",
  "observe",
  "ensure backing",
  "stage",
  "migrate",
  "read the schema",
  "set instances",
  "set weights",
  "switch a site",
  "read metrics",
  "smoke",
  "retire",
  "settle",
] as const;
export type Call = (typeof CALLS)[number];

export type Side = "store" | "platform";
const STORE_CALLS: readonly Call[] = CALLS.slice(0, 5);
export const sideOf = (call: Call): Side => (STORE_CALLS.includes(call) ? "store" : "platform");

/** Faults hit rare calls more often and the many reads less often, so that every cell of the table fills. */
const SHARES: Partial<Record<Call, number>> = {
  "read the store": 0.15,
  observe: 0.3,
  "read metrics": 0.5,
  smoke: 2,
  "ensure backing": 2,
  migrate: 3,
  retire: 3,
  settle: 2,
  "write a checkpoint": 20,
};

/** How likely each fault is in one run: some runs are calm, some are a storm of one kind. Outages have times of their own. */
export type Weather = Record<Exclude<Fault, "none" | "outage">, number>;

const DRAWN = FAULTS.filter((fault) => fault !== "none" && fault !== "outage");

export const makeWeather = (random: Random): Weather => {
  const storm = random.pick(DRAWN);
  const base = random.pick([0, 0.003, 0.01, 0.03]);
  const of = (fault: Fault) => (fault === storm ? base * 4 + 0.02 : base) * random.next();
  return Object.fromEntries(DRAWN.map((fault) => [fault, of(fault)])) as Weather;
};

export const CALM = Object.fromEntries(DRAWN.map((fault) => [fault, 0])) as Weather;

export const pickFault = (random: Random, weather: Weather, call: Call): Fault => {
  const share = SHARES[call] ?? 1;
  let left = random.next();
  for (const fault of DRAWN) {
    left -= weather[fault] * share;
    if (left < 0) return fault;
  }
  return "none";
};

/** How often each fault met each call, over all runs. */
export type FaultTable = Record<Call, Record<Fault, number>>;

export const emptyTable = (): FaultTable =>
  Object.fromEntries(
    CALLS.map((call) => [call, Object.fromEntries(FAULTS.map((fault) => [fault, 0]))]),
  ) as FaultTable;

export const addTable = (sum: FaultTable, more: FaultTable): void => {
  for (const call of CALLS) for (const fault of FAULTS) sum[call][fault] += more[call][fault];
};
