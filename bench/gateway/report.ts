import type { Switching } from "./switching.ts";

export interface Row {
  name: string;
  perSecond: number;
  p99Ms: number;
  cpuMicros: number | null;
  failed: number;
  timesNginx: number;
  timesCaddy: number;
  cpuTimesNginx: number;
}

interface Measurements {
  rows: Row[];
  switching: Switching[];
  versions: Record<string, string>;
  connections: number;
  rounds: number;
  /** Rounds in which nothing else ran on the proxy's core; fewer than `rounds`: speeds are not to be trusted, CPU times still are. */
  quiet: number;
  seconds: number;
}

interface Target {
  text: string;
  value: number;
  holds: boolean;
}

/** On a busy machine speeds say nothing, so they follow from CPU time: what a core to itself would allow. */
const speedTimes = (own: Row, peer: Row | undefined, ratio: number, busy: boolean): number =>
  busy ? (peer?.cpuMicros ?? 0) / (own.cpuMicros ?? 1) : ratio;

const targetsOf = ({ rows, switching, quiet, rounds }: Measurements): Target[] => {
  const busy = quiet < rounds;
  const row = (wanted: string): Row | undefined => rows.find(({ name }) => name === wanted);
  const own = row("Switchback");
  const switched = switching.find(({ name }) => name === "Switchback");
  if (own === undefined || switched === undefined) throw new Error("the gateway was not measured");
  const least = (text: string, value: number, bound: number): Target => ({
    text,
    value,
    holds: value >= bound,
  });
  const most = (text: string, value: number, bound: number): Target => ({
    text,
    value,
    holds: value <= bound,
  });
  return [
    least("at least 0.45 × nginx", speedTimes(own, row("nginx"), own.timesNginx, busy), 0.45),
    least("at least 1.8 × caddy", speedTimes(own, row("caddy"), own.timesCaddy, busy), 1.8),
    most("CPU per request at most 2.3 × nginx", own.cpuTimesNginx, 2.3),
    most("no failed request in the load runs", own.failed, 0),
    most("no failed request over three switches", switched.failed, 0),
    most("no dropped keep-alive connection over three switches", switched.dropped, 0),
  ];
};

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** The page for bench/results, which ends with "N passed, N failed". */
export const report = (measurements: Measurements): { text: string; failed: number } => {
  const { rows, switching, versions, connections, rounds, quiet, seconds } = measurements;
  const targets = targetsOf(measurements);
  const failed = targets.filter(({ holds }) => !holds).length;
  const speed = table(
    ["", "requests/s", "p99 ms", "CPU µs/request", "× nginx", "× caddy", "CPU × nginx", "failed"],
    rows.map((row) => [
      row.name,
      whole(row.perSecond),
      row.p99Ms.toFixed(1),
      row.cpuMicros === null ? "–" : row.cpuMicros.toFixed(1),
      row.timesNginx.toFixed(2),
      row.timesCaddy.toFixed(2),
      row.cpuMicros === null ? "–" : row.cpuTimesNginx.toFixed(2),
      String(row.failed),
    ]),
  );
  const switches = table(
    ["three switches under load", "requests", "failed", "dropped connections"],
    switching.map(({ name, requests, failed: lost, dropped }) => [
      name,
      whole(requests),
      whole(lost),
      whole(dropped),
    ]),
  );
  const judged = table(
    ["target", "measured", ""],
    targets.map(({ text, value, holds }) => [
      text,
      String(Math.round(value * 100) / 100),
      holds ? "passed" : "FAILED",
    ]),
  );
  const programs = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const warning =
    quiet < rounds
      ? `\n**The machine was busy with other work: requests per second are not comparable in this run; the speed targets\nare judged by CPU time per request, which is what limits a proxy that has a core to itself.**\n`
      : "";
  const text = `# Gateway

1 KB answers, ${connections} connections by wrk; the proxy alone on one core, load and upstream on another. Medians of ${rounds} interleaved
rounds of ${seconds} s; ratios are medians of the ratios within a round. The gateway runs with everything on: two weighted revisions,
meters, time limits, retries. ${programs}.
${warning}
${speed}

${switches}

${judged}

${targets.length - failed} passed, ${failed} failed
`;
  return { text, failed };
};
