import { parseArgs } from "node:util";
import { seedDrivers, seedRiders } from "./seed/people.ts";
import { makeApiClient, type Counters } from "./simulation/api-client.ts";
import { simulateDriver } from "./simulation/driver.ts";
import { simulateRider } from "./simulation/rider.ts";

const usage = `Usage: simulate --base-url URL [--drivers 8] [--riders 3] [--seconds N] [--speed 1]
Drives the seeded people through the HTTP API until SIGTERM or for N seconds; --riders 0: drivers only.
Prints what it did as JSON.`;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      "base-url": { type: "string" },
      drivers: { type: "string", default: "8" },
      riders: { type: "string", default: "3" },
      seconds: { type: "string" },
      speed: { type: "string", default: "1" },
    },
  });
  const number = (name: "drivers" | "riders" | "seconds" | "speed", min: number, max: number): number => {
    const value = Number(values[name]);
    if (!(value >= min && value <= max)) throw new Error(`--${name} is not a number from ${min} to ${max}`);
    return value;
  };
  if (!URL.canParse(values["base-url"] ?? "")) throw new Error("--base-url is not a URL");
  return {
    baseUrl: values["base-url"]!,
    drivers: number("drivers", 0, seedDrivers.length),
    riders: number("riders", 0, seedRiders.length),
    seconds: values.seconds === undefined ? null : number("seconds", 1, 1_000_000),
    speed: number("speed", 0.1, 20),
  };
};

// The first of each are for people to sign in as, so the simulation takes them last.
const lastFirst = <T>([first, ...others]: T[]): T[] => [...others, first!];

const main = async (): Promise<void> => {
  const { baseUrl, drivers, riders, seconds, speed } = readOptions();
  const stop = new AbortController();
  const { signal } = stop;
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  if (seconds !== null) setTimeout(() => stop.abort(), seconds * 1000).unref();

  const counters: Counters = { requests: 0, retries: 0, ridesRequested: 0, ridesCompleted: 0 };
  const clientFor = (email: string) => makeApiClient({ baseUrl, email, signal, counters });
  const driving = lastFirst(seedDrivers)
    .slice(0, drivers)
    .map(({ email, home }) => ({ api: clientFor(email), home }));
  const riding = lastFirst(seedRiders).slice(0, riders);
  tell(`${driving.length} drivers and ${riding.length} riders are on the road.`);
  const outcomes = await Promise.allSettled([
    ...driving.map(({ api, home }) => simulateDriver({ api, home, speed, signal, counters })),
    ...riding.map(({ email }) => simulateRider({ api: clientFor(email), speed, signal, counters })),
  ]);
  const failed = signal.aborted ? [] : outcomes.filter((outcome) => outcome.status === "rejected");
  // Off duty, so that nobody is offered a driver who is not there any longer; nothing is lost if that fails.
  await Promise.allSettled(
    driving.map(({ api }) =>
      api.call("PUT", "/api/driver/availability", { available: false }, AbortSignal.timeout(2_000)),
    ),
  );
  process.stdout.write(`${JSON.stringify(counters)}\n`);
  for (const { reason } of failed) tell(String(reason));
  process.exit(failed.length > 0 ? 1 : 0);
};

try {
  await main();
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  tell(usage);
  process.exit(2);
}
