import type { EnvironmentState } from "../../domain/environment-state.ts";
import { notice, whole, wrong, type Finding } from "../../domain/finding.ts";
import { shortReleaseId, type Release } from "../../domain/release.ts";
import { targetServices } from "../../planner/revisions.ts";
import type { LocalFacts, LocalState } from "../../ports/inspector.ts";

export interface Recorded {
  state: EnvironmentState;
  /** Whether it runs on this machine by its configuration. */
  local: boolean;
  /** What it serves; null: nothing, or its record cannot be read. */
  release: Release | null;
}

/** The supervisor, its state and its processes, against what the logs say. `recorded`: of environments whose log is whole. */
export const judgeLocal = (facts: LocalFacts, recorded: Recorded[]): Finding[] => [
  judgeSupervisor(facts),
  ...judgeStates(facts, recorded),
  ...judgeStrays(facts),
  ...judgeDatabase(facts),
  judgeSecrets(facts),
];

const judgeSupervisor = ({ supervisor, answers, stale, unreadable }: LocalFacts): Finding => {
  const [check, subject] = ["supervisor", null];
  if (!answers)
    return wrong({
      ...{ check, subject, what: `process ${supervisor} runs and does not answer` },
      means: "it serves what it served, or stands still; nothing can be deployed",
      todo: "switchback down; the next command starts it anew, with the same releases",
    });
  if (stale.length > 0)
    return notice({
      ...{ check, subject, what: "was killed: its socket and number are left over" },
      means: "nothing is served here until the next command starts it, with the same releases",
      repair: { type: "forget-supervisor", paths: stale },
    });
  if (unreadable.length > 0)
    return notice({
      ...{ check, subject, what: `cannot read ${unreadable.join(", ")}` },
      means: "it makes it anew; the address may get another port",
      repair: { type: "remove", paths: unreadable },
    });
  return whole(check, subject, supervisor === null ? "does not run" : `runs (process ${supervisor})`);
};

const judgeStates = ({ states, setAside }: LocalFacts, recorded: Recorded[]): Finding[] => {
  const findings = states.flatMap((local): Finding[] => {
    const log = recorded.find(({ state }) => state.environment === local.environment);
    const again =
      log === undefined || log.state.serving === null
        ? `switchback deploy ${local.environment}`
        : `switchback deploy ${local.environment} --release ${shortReleaseId(log.state.serving.release)}`;
    const about = { check: "supervisor's state", subject: local.environment, todo: again };
    if (local.state === null)
      return [
        wrong({
          ...about,
          what: `${local.file} is damaged`,
          means:
            "a supervisor that runs goes on and writes it anew; one that starts serves nothing until the next deploy",
        }),
      ];
    // In the middle of a deployment the two differ; whoever resumes looks anyway.
    if (log === undefined || log.state.open !== null) return [];
    const differences = differencesOf(local.state, log);
    return differences.length === 0
      ? [whole("supervisor's state", local.environment, "as the log says")]
      : [
          wrong({
            ...about,
            what: differences.join("; "),
            means: "users may get another release than status says",
          }),
        ];
  });
  const absent = recorded.filter(
    ({ state, local }) =>
      local && state.serving !== null && states.every(({ environment }) => environment !== state.environment),
  );
  const gone = absent.map(({ state: { environment, serving } }) =>
    wrong({
      check: "supervisor's state",
      subject: environment,
      what: `is gone, and the log says that ${shortReleaseId(serving!.release)} serves`,
      means: "nothing of it is served here until the next deploy",
      todo: `switchback deploy ${environment} --release ${shortReleaseId(serving!.release)}`,
    }),
  );
  const aside = setAside.map((path) =>
    notice({
      check: "supervisor's state",
      subject: path.split("/").at(-1)!,
      what: "was damaged, and was set aside at a start",
      means: "nothing reads it any more",
      todo: "look at it if you like, then remove it",
    }),
  );
  return [...findings, ...gone, ...aside];
};

const differencesOf = (
  { services, sites }: NonNullable<LocalState["state"]>,
  { state: { serving }, release }: Recorded,
): string[] => {
  if (serving === null || release === null) return [];
  const target = targetServices(release, serving.binding);
  return [
    ...Object.entries(target).flatMap(([name, { revision, spec }]) => {
      const routed = Object.keys(services[name]?.weights ?? {});
      if (services[name]?.revisions[revision] === undefined) return [`${name} is not to run as the log says`];
      return spec.kind === "web" && (routed.length !== 1 || routed[0] !== revision)
        ? [`${name} routes to ${routed.join(", ") || "nothing"}`]
        : [];
    }),
    ...Object.keys(release.sites).flatMap((name) =>
      sites[name]?.current?.release === serving.release ? [] : [`${name} is another site than the log says`],
    ),
  ];
};

const judgeStrays = ({ strays, supervisor }: LocalFacts): Finding[] =>
  strays.length === 0
    ? supervisor === null
      ? [whole("processes", null, "none runs without a supervisor")]
      : []
    : [
        wrong({
          check: "processes",
          subject: null,
          what: `${strays.length} run though their supervisor is gone: ${strays
            .slice(0, 3)
            .map(({ pid, command }) => `${pid} ${command}`)
            .join("; ")}`,
          means: "nobody routes to them; they hold memory, ports or the database",
          repair: { type: "end-processes", pids: strays.map(({ pid }) => pid) },
        }),
      ];

const judgeDatabase = ({ database }: LocalFacts): Finding[] =>
  database === null
    ? []
    : database.refused === null
      ? [whole("database", null, "its data folder has its marks")]
      : [
          wrong({
            check: "database",
            subject: null,
            what: `${database.folder}: ${database.refused.what}`,
            means:
              "PostgreSQL does not start on it, so nothing that needs a database is served after the next start",
            todo: database.refused.hint,
          }),
        ];

const judgeSecrets = ({ secrets: { file, refused } }: LocalFacts): Finding => {
  if (refused === null) return whole("secrets", null, "for your eyes only");
  const about = { check: "secrets", subject: null, what: `${file} ${refused.what}` };
  return refused.loosePaths.length > 0
    ? wrong({
        ...about,
        means: "no deployment reads them; others may have: set those that matter anew",
        repair: { type: "make-private", paths: refused.loosePaths },
      })
    : wrong({ ...about, means: "services that need a secret cannot be started", todo: refused.hint });
};
