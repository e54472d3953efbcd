import { count } from "../../domain/count.ts";
import { shortReleaseId } from "../../domain/release.ts";
import type { EnvironmentState } from "../../domain/environment-state.ts";
import { notice, unknown, whole, wrong, type Finding } from "../../domain/finding.ts";
import { logKey } from "../../domain/log-entry.ts";
import { describeOpen } from "../preconditions.ts";
import { isWhole, type LogFacts } from "./look-at-log.ts";

const SHOWN = 3;

/** What an environment's log is, and where it is not whole: which entry, what is known without it, what to put back. Pure. */
export const judgeLog = (facts: LogFacts): Finding[] => {
  const { environment, last, damaged, missing, refused, brokenAt, head } = facts;
  const findings: Finding[] = [];
  const broken = (what: string, keys: string[]) =>
    findings.push(
      unknown({
        check: "log",
        subject: environment,
        what,
        means: meansOf(facts),
        todo: `put ${listOf(keys)} back from a copy of the store, then: switchback doctor ${environment}`,
      }),
    );
  for (const { error } of refused)
    findings.push(
      wrong({
        check: "log",
        subject: environment,
        what: error.message,
        means: meansOf(facts),
        ...hintOf(error),
      }),
    );
  for (const { sequence, key, bytes, mustBe } of damaged)
    broken(
      `entry ${sequence} is damaged: its ${bytes} bytes are not what was written` +
        (mustBe === null ? "" : ` (sha256 ${mustBe}, as entry ${sequence + 1} says)`),
      [key],
    );
  if (missing.length > 0)
    broken(
      `${missing.length === 1 ? `entry ${missing[0]} is` : `entries ${listOf(missing.map(String))} are`} missing, and later ones are there`,
      missing.map((sequence) => logKey(environment, sequence)),
    );
  if (brokenAt !== null && damaged.length === 0 && missing.length === 0)
    broken(brokenAt.why, [logKey(environment, brokenAt.sequence)]);
  const known = furthest(facts);
  if (known !== null && known.sequence > last) {
    const cut = Array.from({ length: known.sequence - last }, (_, n) => last + 1 + n);
    broken(
      `its tail was cut: it ends at entry ${last}, and entry ${known.sequence} had been written (sha256 ${known.hash})`,
      cut.map((sequence) => logKey(environment, sequence)),
    );
  }
  if (isWhole(facts) && head.type === "whole" && head.fits === "other entry")
    broken(
      `the head names another entry ${head.state.sequence} than the one that is there: one of the two was replaced`,
      [logKey(environment, head.state.sequence)],
    );
  if (findings.length > 0) return findings;
  if (last === 0) return [];
  return [
    whole(
      "log",
      environment,
      `${count(last, "entry", "entries")}, whole, last hash ${facts.state.hash.slice(0, 12)}`,
    ),
    ...openOf(facts),
  ];
};

/** An interrupted deployment is nothing broken, and has to be finished. */
const openOf = ({ environment, state: { open }, lease }: LogFacts): Finding[] => {
  if (open === null || (lease.type === "read" && lease.judged === "held")) return [];
  return [
    notice({
      check: "deployment",
      subject: environment,
      what: describeOpen(open),
      means:
        "what served before, or what was switched to, goes on serving; no other deployment starts until it is finished",
      todo: `switchback resume ${environment}   or   switchback abort ${environment}`,
    }),
  ];
};

/** The furthest fold that is still whole, in the head, an earlier version of it, or a checkpoint. */
export const furthest = ({ head, checkpoints }: LogFacts): EnvironmentState | null =>
  [head, ...checkpoints.map(({ fact }) => fact)]
    .flatMap((fact) =>
      fact.type === "whole"
        ? [fact.state]
        : fact.type === "damaged" && fact.earlier !== null
          ? [fact.earlier]
          : [],
    )
    .reduce<EnvironmentState | null>(
      (best, state) => (best === null || state.sequence > best.sequence ? state : best),
      null,
    );

/** The state that can be known: of a whole log its fold, else the furthest of what was folded before. */
export const knownState = (facts: LogFacts): EnvironmentState => {
  const cached = furthest(facts);
  return cached !== null && cached.sequence > facts.state.sequence ? cached : facts.state;
};

const meansOf = (facts: LogFacts): string => {
  const { sequence, serving, open } = knownState(facts);
  const serves =
    serving === null
      ? "nothing had served"
      : `${shortReleaseId(serving.release)} served (${serving.deployment})`;
  const going = open === null ? "" : `, ${open.id} was open`;
  return (
    `what serves goes on serving; nothing is deployed, resumed or taken back until it is whole. ` +
    `Known without it: up to entry ${sequence} ${serves}${going}`
  );
};

const listOf = (names: string[]): string =>
  names.length <= SHOWN ? names.join(", ") : `${names[0]} to ${names.at(-1)}`;

export const hintOf = ({ hint }: { hint?: string }): { todo?: string } =>
  hint === undefined ? {} : { todo: hint };
