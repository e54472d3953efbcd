import type { Random } from "./random.ts";

/** What may happen to one call of a deployer to the store or the platform. */
export const FAULTS = [
  "none",
  "slow",
  "refused",
  "lost request",
  "lost answer",
  "sent twice",
  "crash before",
  "crash after",
  "pause before",
  "pause after",
] as const;
export type Fault = (typeof FAULTS)[number];

/** Kinds of calls, as the table of events and faults names them. */
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

/** How likely each fault is in one run: some runs are calm, some are a storm of one kind. */
export type Weather = Record<Fault, number>;

export const makeWeather = (random: Random): Weather => {
  const storm = random.pick(FAULTS);
  const base = random.pick([0, 0.003, 0.01, 0.03]);
  const of = (fault: Fault) => (fault === storm ? base * 4 + 0.01 : base) * random.next();
  const weather = Object.fromEntries(FAULTS.map((fault) => [fault, of(fault)])) as Weather;
  return { ...weather, none: 0 };
};

export const pickFault = (random: Random, weather: Weather): Fault => {
  let left = random.next();
  for (const fault of FAULTS) {
    left -= weather[fault];
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
