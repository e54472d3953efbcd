import type { Run } from "./programs.ts";

export type Scenario = "cold" | "same" | "ci";

export interface Tool {
  name: string;
  runs: Record<Scenario, Run>;
}

interface Measurements {
  rounds: Tool[][];
  /** 50,000 files, cold. */
  large: Run;
  missing: string[];
  files: number;
  changed: number;
}

interface Target {
  text: string;
  value: number;
  most: number;
  unit: string;
}

const OWN = "Switchback";
const AWS = "aws s3 sync";
const RCLONE = "rclone, 64 transfers";

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const report = (measurements: Measurements): { text: string; failed: number } => {
  const { rounds, large, missing, files, changed } = measurements;
  const names = rounds[0]!.map(({ name }) => name);
  const runsOf = (name: string, scenario: Scenario): Run[] =>
    rounds.map((tools) => tools.find((tool) => tool.name === name)!.runs[scenario]);
  const of = (name: string, scenario: Scenario, what: keyof Run): number =>
    median(runsOf(name, scenario).map((run) => run[what]));
  /** Of the ratios within a round: what else the machine does hits both sides of it. */
  const ratio = (name: string, scenario: Scenario, what: keyof Run): number => {
    const peers = runsOf(name, scenario);
    return median(runsOf(OWN, scenario).map((run, round) => run[what] / peers[round]![what]));
  };
  const seconds = (name: string, scenario: Scenario): string =>
    (of(name, scenario, "wallMs") / 1_000).toFixed(2);
  const rows = names.map((name) => {
    const cpu = (["cold", "same", "ci"] as const).map((one) => (of(name, one, "cpuMs") / 1_000).toFixed(2));
    const memory = Math.max(
      ...rounds
        .flat()
        .filter((tool) => tool.name === name)
        .flatMap(({ runs }) => Object.values(runs).map(({ memoryMb }) => memoryMb)),
    );
    const requests = (["cold", "same", "ci"] as const).map((one) =>
      of(name, one, "requests").toLocaleString("en"),
    );
    return `| ${name} | ${seconds(name, "cold")} | ${seconds(name, "same")} | ${seconds(name, "ci")} | ${requests.join(" / ")} | ${cpu.join(" / ")} | ${memory.toFixed(0)} |`;
  });
  const hasRclone = names.includes(RCLONE);
  // config.json, which the deployment writes, is one file more when it is cold.
  const targets: Target[] = [
    { text: "cold, × aws s3 sync", value: ratio(AWS, "cold", "wallMs"), most: 0.08, unit: "" },
    ...(hasRclone
      ? [
          {
            text: "cold, × rclone with 64 transfers",
            value: ratio(RCLONE, "cold", "wallMs"),
            most: 0.45,
            unit: "",
          },
        ]
      : []),
    { text: "1 % changed, × aws s3 sync", value: ratio(AWS, "ci", "wallMs"), most: 0.03, unit: "" },
    ...(hasRclone
      ? [
          {
            text: "1 % changed, × rclone with 64 transfers",
            value: ratio(RCLONE, "ci", "wallMs"),
            most: 0.75,
            unit: "",
          },
        ]
      : []),
    { text: "nothing changed, × aws s3 sync", value: ratio(AWS, "same", "wallMs"), most: 0.3, unit: "" },
    { text: "CPU cold, × aws s3 sync", value: ratio(AWS, "cold", "cpuMs"), most: 0.1, unit: "" },
    { text: "CPU with 1 % changed, × aws s3 sync", value: ratio(AWS, "ci", "cpuMs"), most: 0.1, unit: "" },
    {
      text: "requests beyond the changed files, cold",
      value: of(OWN, "cold", "requests") - files - 1,
      most: 4,
      unit: "",
    },
    {
      text: "requests beyond the changed files, 1 % changed",
      value: of(OWN, "ci", "requests") - changed,
      most: 4,
      unit: "",
    },
    {
      text: "peak memory, 5,000 files",
      value: Math.max(...(["cold", "same", "ci"] as const).map((one) => of(OWN, one, "memoryMb"))),
      most: 150,
      unit: " MB",
    },
    { text: "peak memory, 50,000 files", value: large.memoryMb, most: 150, unit: " MB" },
  ];
  const failed = targets.filter(({ value, most }) => !(value <= most)).length;
  const shown = ({ value, unit }: Target): string =>
    (unit === "" && value % 1 !== 0 ? value.toFixed(3) : value.toFixed(0)) + unit;
  const text = [
    "# publish",
    "",
    `From a folder of ${files.toLocaleString("en")} files, 79 MB, to a bucket whose every answer comes 30 ms after its request; the server is a process on`,
    "the same machine that stores and does nothing else. Wall time of the whole process; medians of",
    `${rounds.length} interleaved rounds, ratios within a round. "1 % changed" is another build of which every file was just written, as after a checkout.`,
    `Node ${process.versions.node}.${missing.length > 0 ? ` Missing: ${missing.join(", ")}.` : ""}`,
    "",
    "| | cold, s | nothing changed, s | 1 % changed, s | requests | CPU s | peak MB |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `50,000 files, cold: ${(large.wallMs / 1_000).toFixed(1)} s, ${large.requests.toLocaleString("en")} requests, ${large.memoryMb.toFixed(0)} MB.`,
    "",
    "The first row hashes the folder and sends from it, as its peers do. A deployment publishes from the artefact store; the second",
    "row writes the whole build into one first, each file made durable.",
    "",
    "| target | measured | at most | |",
    "| --- | --- | --- | --- |",
    ...targets.map(
      (target) =>
        `| ${target.text} | ${shown(target)} | ${target.most}${target.unit} | ${target.value <= target.most ? "passed" : "failed"} |`,
    ),
    "",
    `${targets.length - failed} passed, ${failed} failed`,
    "",
  ].join("\n");
  return { text, failed };
};
