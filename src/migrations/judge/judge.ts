import type { MigrationFinding } from "../../domain/rehearsal.ts";
import { factsOf, type ReleaseFacts } from "./facts.ts";
import type { Hit, Rule } from "./rule.ts";
import { RULE_IDS, RULES, rulesFor } from "./rules.ts";
import { makeSchema } from "./schema.ts";
import type { Judge, Judgement, MigrationKind, MigrationToJudge } from "./types.ts";
import { applyWaivers, readDirectives, type Directives } from "./waivers.ts";

/**
 * Asks every rule of every migration. Pure: equal input gives an equal judgement. What was observed counts for more than
 * what the text says; what is not known is a finding that says so. Needs `await loadParser()` once before.
 */
export const judge: Judge = (input) => {
  const release: ReleaseFacts = {
    input,
    release: makeSchema(input.migrations[0]?.before ?? null),
    after: makeSchema(input.migrations.findLast(({ after }) => after !== null)?.after ?? null),
    made: { tables: new Set(), columns: new Set() },
  };
  const judged = input.migrations.map((migration) => judgeMigration(migration, release));
  const findings = judged.flatMap((one) => one.findings);
  return {
    findings,
    kinds: judged.flatMap(({ kind }) => kind ?? []),
    verdict: verdictOf(findings),
  };
};

/** What is waived counts no longer; what is only worth knowing never did. */
export const verdictOf = (findings: MigrationFinding[]): Judgement["verdict"] => {
  const levels = new Set(findings.filter(({ waived }) => waived === null).map(({ level }) => level));
  return levels.has("block") ? "block" : levels.has("warn") ? "warn" : "pass";
};

const judgeMigration = (
  migration: MigrationToJudge,
  release: ReleaseFacts,
): { findings: MigrationFinding[]; kind: MigrationKind | null } => {
  const directives = readDirectives(migration.source, RULE_IDS);
  const facts = factsOf(migration, release, directives.contract);
  const hits = rulesFor(migration.direction, release.input.style === true).flatMap((rule) =>
    rule.check(facts).map((hit) => ({ rule, hit })),
  );
  const inOrder = hits
    .map((one) => ({
      ...one,
      at: one.hit.statement === null ? -1 : facts.statements.indexOf(one.hit.statement),
    }))
    .sort((a, b) => a.at - b.at || RANK[levelOf(a.rule, a.hit)] - RANK[levelOf(b.rule, b.hit)]);
  const spans = facts.statements.flatMap(({ line, endLine }) =>
    line === null || endLine === null ? [] : [{ line, endLine }],
  );
  const found = inOrder.map(({ rule, hit }) => findingOf(rule, hit, migration.name));
  const { findings, unused } = applyWaivers(found, directives.waivers, spans);
  return {
    findings: [
      ...findings,
      ...aboutWaivers(directives, migration.name),
      ...unused.map(({ rule, line }) =>
        waiverFinding("waiver-unused", migration.name, line, `Nothing here breaks ${rule}.`),
      ),
    ],
    kind: migration.direction === "up" ? kindOf(migration.name, directives, inOrder) : null,
  };
};

const RANK = { block: 0, warn: 1, info: 2 };

const levelOf = (rule: Pick<Rule, "level">, hit: Hit): MigrationFinding["level"] =>
  hit.level ?? (rule.level === "by-size" ? "warn" : rule.level);

const findingOf = (rule: Rule, hit: Hit, migration: string): MigrationFinding => ({
  rule: rule.id,
  level: levelOf(rule, hit),
  migration,
  line: hit.line ?? hit.statement?.line ?? null,
  statement: hit.statement?.sql ?? null,
  object: hit.object,
  what: hit.what,
  why: hit.why ?? rule.why,
  instead: hit.instead ?? rule.instead,
  instructions: hit.instructions ?? [],
  estimate: hit.estimate ?? null,
  waived: null,
});

const waiverFinding = (id: string, migration: string, line: number, what: string): MigrationFinding => {
  const rule = RULES.find((one) => one.id === id) as Rule;
  return { ...findingOf(rule, { statement: null, object: null, what }, migration), line };
};

const aboutWaivers = ({ problems }: Directives, migration: string): MigrationFinding[] =>
  problems.map(({ rule, line, what }) => waiverFinding(rule, migration, line, what));

const kindOf = (migration: string, { contract }: Directives, hits: { hit: Hit }[]): MigrationKind => {
  const removes = [...new Set(hits.flatMap(({ hit }) => hit.contract ?? []))].join(", ");
  if (contract)
    return {
      migration,
      kind: "contract",
      because: removes === "" ? "marked in its file" : `marked in its file; ${removes}`,
    };
  return removes === ""
    ? { migration, kind: "expand", because: null }
    : { migration, kind: "contract", because: removes };
};
