import { count } from "../../domain/count.ts";
import type { Digest } from "../../domain/digest.ts";
import type { EnvironmentState } from "../../domain/environment-state.ts";
import { notice, unknown, whole, wrong, type Finding } from "../../domain/finding.ts";
import { shortReleaseId } from "../../domain/release.ts";
import { hintOf } from "./judge-log.ts";
import type { ArtefactFact, ReleaseFacts } from "./look-at-releases.ts";

const SHOWN = 3;

/** Records, trees and files of releases, and for what is lost which environments serve it or need it for a way back. Pure. */
export const judgeReleases = (facts: ReleaseFacts, environments: EnvironmentState[]): Finding[] => [
  ...judgeRecords(facts, environments),
  ...judgeArtefacts(facts, environments),
];

const judgeRecords = ({ records }: ReleaseFacts, environments: EnvironmentState[]): Finding[] => {
  const findings: Finding[] = [];
  const known = new Set(records.map(({ id }) => id));
  for (const { id, state, copy, error } of records) {
    if (state === "whole") continue;
    const about = { check: "release", subject: shortReleaseId(id), means: usersOf([id], environments) };
    if (error !== null) findings.push(wrong({ ...about, what: error.message, ...hintOf(error) }));
    else if (copy)
      findings.push(
        wrong({
          ...about,
          what: "its record is damaged, and an earlier copy is whole",
          repair: { type: "put-record", release: id },
        }),
      );
    else
      findings.push(
        unknown({ ...about, what: "its record is damaged", todo: rebuild(`releases/${id}.json`) }),
      );
  }
  for (const id of new Set(environments.flatMap(needed))) {
    if (known.has(id)) continue;
    const about = { check: "release", subject: shortReleaseId(id), means: usersOf([id], environments) };
    findings.push(unknown({ ...about, what: "its record is missing", todo: rebuild(`releases/${id}.json`) }));
  }
  if (findings.length > 0 || records.length === 0) return findings;
  return [whole("releases", null, `${count(records.length, "record")}, whole`)];
};

const judgeArtefacts = (
  { lost, trees, files, shared }: ReleaseFacts,
  environments: EnvironmentState[],
): Finding[] => {
  const findings = lost.map((one) => judgeArtefact(one, environments, shared));
  if (findings.some(({ state }) => state !== "notice") || trees + files === 0) return findings;
  return [
    ...findings,
    whole("artefacts", null, `${count(trees, "tree")} and ${count(files, "file")}, each as its sha256 says`),
  ];
};

const judgeArtefact = (one: ArtefactFact, environments: EnvironmentState[], shared: boolean): Finding => {
  const { kind, digest, state, places, releases, from } = one;
  const where = places[0] === undefined ? "" : ` (${places[0].path})`;
  const about = {
    check: kind,
    subject: digest.slice(0, 12),
    what: state === "damaged" ? `its bytes are not what its name says${where}` : `is ${state}${where}`,
    means: usersOf(releases, environments),
  };
  if (from !== null)
    return wrong({
      ...about,
      what: `${about.what}; the same bytes are in ${from}`,
      repair: { type: "put-artefact", kind, digest, from },
    });
  if (state === "unreadable")
    return wrong({ ...about, todo: "give your user the right to read the store, then: switchback doctor" });
  if (shared && state === "missing")
    return notice({
      ...about,
      what: `is not on this machine${where}`,
      todo: "deploy its releases from where they were built, or build them here: switchback release --rebuild",
    });
  if (releases.length === 0) return notice({ ...about, means: "no release that is known needs it" });
  return unknown({
    ...about,
    todo: rebuild(kind === "tree" ? `trees/${digest}.json` : `blobs/${digest.slice(0, 2)}/${digest}`),
  });
};

const rebuild = (key: string): string =>
  `put ${key} back from a copy of the store, or check out the release's commit: switchback release --rebuild`;

const needed = ({ serving, earlier, open }: EnvironmentState): Digest[] => [
  ...(serving === null ? [] : [serving.release]),
  ...earlier.slice(0, 1).map(({ release }) => release),
  ...(open === null ? [] : [open.plan.release]),
];

/** What a loss means: who serves the release, who has it as a way back. What runs, runs from a copy of its own. */
const usersOf = (releases: Digest[], environments: EnvironmentState[]): string => {
  const uses = releases.flatMap((id) =>
    environments.flatMap(({ environment, serving, earlier, open }) => [
      ...(serving?.release === id ? [`${environment} serves it, and goes on as long as it runs`] : []),
      ...(open?.plan.release === id ? [`${open.id} of ${environment} is deploying it`] : []),
      ...(earlier.some(({ release }) => release === id) && serving?.release !== id
        ? [`${environment} cannot roll back to it`]
        : []),
    ]),
  );
  const names = releases.map(shortReleaseId);
  const of =
    names.length > SHOWN
      ? `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`
      : names.join(", ");
  if (uses.length > 0) return `${of}: ${[...new Set(uses)].join("; ")}`;
  return releases.length === 0
    ? "nothing that is known needs it"
    : `${of} cannot be deployed; nothing serves it`;
};
