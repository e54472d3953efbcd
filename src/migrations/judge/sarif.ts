import type { RuleText } from "../../domain/migration-rule.ts";
import type { MigrationFinding, Rehearsal } from "../../domain/rehearsal.ts";

export interface SarifOptions {
  rules: RuleText[];
  /** Of each migration, from the project's root with forward slashes; null or absent: it has no file. */
  files: Record<string, string | null>;
  /** Of Switchback. */
  version: string;
  /** Where a rule is explained: the page's address, to which `#<rule>` is added; null: nowhere that a browser reaches. */
  page: string | null;
}

const LEVEL = { block: "error", warn: "warning", info: "note" } as const;

/**
 * A rehearsal as a SARIF 2.1.0 log, which code hosts show beside the lines of a pull request. What is waived comes as
 * suppressed with its reason; "cannot rehearse" is a notification of a run that did not succeed, never an empty pass.
 */
export const sarifOf = (rehearsal: Rehearsal, options: SarifOptions) => {
  const used = new Set(rehearsal.findings.map(({ rule }) => rule));
  const rules = options.rules.filter(({ id }) => used.has(id));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0" as const,
    runs: [
      {
        tool: {
          driver: {
            name: "Switchback",
            semanticVersion: options.version,
            rules: rules.map((rule) => ruleOf(rule, options.page)),
          },
        },
        invocations: [
          {
            executionSuccessful: rehearsal.cannot === null,
            ...(rehearsal.cannot === null
              ? {}
              : {
                  toolExecutionNotifications: [
                    {
                      level: "error" as const,
                      descriptor: { id: rehearsal.cannot.code },
                      message: { text: `${rehearsal.cannot.message} ${rehearsal.cannot.hint}` },
                    },
                  ],
                }),
          },
        ],
        results: rehearsal.findings.map((finding) => resultOf(finding, { rules, files: options.files })),
        columnKind: "utf16CodeUnits" as const,
      },
    ],
  };
};

const ruleOf = ({ id, level, title, why, instead, family }: RuleText, page: string | null) => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: `${why} ${instead}`, markdown: `${why}\n\n**Instead:** ${instead}` },
  ...(page === null ? {} : { helpUri: `${page}#${id}` }),
  defaultConfiguration: { level: LEVEL[level === "by-size" ? "warn" : level] },
  properties: { tags: [family] },
});

const resultOf = (
  finding: MigrationFinding,
  { rules, files }: { rules: RuleText[]; files: SarifOptions["files"] },
) => {
  const { rule, level, migration, line, statement, object, what, instead, instructions, waived } = finding;
  const ruleIndex = rules.findIndex(({ id }) => id === rule);
  const file = migration === null ? null : (files[migration] ?? null);
  const safeWay = [instead, ...instructions].join("\n");
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVEL[level],
    message: { text: `${what}\n${safeWay}` },
    locations: [
      {
        ...(file === null
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
                region: {
                  startLine: line ?? 1,
                  ...(statement === null || line === null ? {} : { snippet: { text: statement } }),
                },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: object ?? migration ?? "the rehearsal" }],
      },
    ],
    partialFingerprints: { "switchback/v1": [rule, migration ?? "", object ?? ""].join("|") },
    ...(waived === null
      ? {}
      : { suppressions: [{ kind: "inSource" as const, justification: waived.reason }] }),
  };
};
