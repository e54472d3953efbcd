export interface Measurements {
  /** Milliseconds, one for each round. */
  times: Record<
    | "node"
    | "boot"
    | "first"
    | "unchanged"
    | "build"
    | "change"
    | "rollback"
    | "warmFirstAnswer"
    | "warmRollback",
    number[]
  >;
  memoryMb: { now: number; peak: number };
  rounds: number;
}

/** `node -e 0` on the machine that the targets were set for. */
const REFERENCE_NODE_MS = 23;
/** The API is replaced one instance after the other. */
const BATCHES = 2;

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Row {
  what: string;
  target: string;
  /** In milliseconds or megabytes, on this machine. */
  most: number;
  measured: number;
  unit: "ms" | "MB";
}

const rowsOf = ({ times, memoryMb }: Measurements, slowness: number): Row[] => {
  const boot = median(times.boot);
  const timed = (
    what: string,
    target: string,
    limit: { fixedMs: number; boots: number },
    of: number[],
  ): Row => ({
    what,
    target,
    most: limit.fixedMs * slowness + limit.boots * boot,
    measured: median(of),
    unit: "ms",
  });
  return [
    timed("deploy of an unchanged release", "500", { fixedMs: 500, boots: 0 }, times.unchanged),
    timed(
      "deploy of a changed API, two instances, rolling",
      `1,500 + ${BATCHES} × boot`,
      { fixedMs: 1_500, boots: BATCHES },
      times.change,
    ),
    timed("rollback of it", "1,000 + boot", { fixedMs: 1_000, boots: 1 }, times.rollback),
    timed(
      "rollback, blue-green, still warm: to the first answer from the earlier release",
      "100",
      { fixedMs: 100, boots: 0 },
      times.warmFirstAnswer,
    ),
    timed("first deploy of all, build excluded", "6,000", { fixedMs: 6_000, boots: 0 }, times.first),
    {
      what: "supervisor, highest resident memory",
      target: "150",
      most: 150,
      measured: memoryMb.peak,
      unit: "MB",
    },
  ];
};

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** The page for bench/results, which ends with "N passed, N failed". */
export const report = (measurements: Measurements): { text: string; failed: number } => {
  const { times, memoryMb, rounds } = measurements;
  const nodeMs = median(times.node);
  const slowness = Math.max(1, nodeMs / REFERENCE_NODE_MS);
  const rows = rowsOf(measurements, slowness);
  const failed = rows.filter(({ measured, most }) => !(measured <= most)).length;
  const judged = table(
    ["", "target", "target here", "measured", ""],
    rows.map(({ what, target, most, measured, unit }) => [
      what,
      `≤ ${target} ${unit}`,
      `≤ ${whole(most)} ${unit}`,
      `${whole(measured)} ${unit}`,
      measured <= most ? "passed" : "FAILED",
    ]),
  );
  const peers = table(
    ["beside it, in the same rounds", "ms"],
    [
      ["`node -e 0`", whole(nodeMs)],
      [
        "boot: the API's process alone, from its start to its first healthy answer",
        whole(median(times.boot)),
      ],
      ["build of the changed API, before its deploy", whole(median(times.build))],
      ["the whole command of the warm rollback", whole(median(times.warmRollback))],
    ],
  );
  const text = `# deploy

Rideshare on this machine: whole processes of the command line on copies of the example, medians of ${rounds} interleaved rounds,
Node ${process.versions.node}. A deploy of development contains the bake of 1 s that the example asks for. Fixed times of the
targets hold for a machine where \`node -e 0\` takes ${REFERENCE_NODE_MS} ms; here they are × ${slowness.toFixed(2)}. Supervisor at the end: ${whole(memoryMb.now)} MB.

${judged}

${peers}

${rows.length - failed} passed, ${failed} failed
`;
  return { text, failed };
};
