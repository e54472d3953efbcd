import { shortReleaseId, type Release } from "../../domain/release.ts";
import type { PartDiff, ReleaseDiff } from "../../domain/release-diff.ts";
import { localDate } from "./local-time.ts";
import { widthOf, type Look } from "./look.ts";
import { cut } from "./fit.ts";
import { sourceText } from "./source-text.ts";
import { table } from "./table.ts";

export const renderRelease = (look: Look, release: Release): string[] => [
  `${look.colours.bold(shortReleaseId(release.id))}  ${cut(sourceText(release.source), widthOf(look) - 16)}`,
  ...table(
    look,
    ["part", "kind", "artefact"],
    [
      ...Object.entries(release.services).map(([name, { kind, tree }]) => [
        name,
        kind,
        `tree ${tree.slice(0, 12)}`,
      ]),
      ...Object.entries(release.sites).map(([name, { tree }]) => [name, "site", `tree ${tree.slice(0, 12)}`]),
      ...(release.migrations === null
        ? []
        : [["database", "migrations", release.migrations.names.at(-1) ?? "none"]]),
    ],
  ),
];

export const renderReleases = (look: Look, releases: Release[]): string[] =>
  releases.length === 0
    ? ["no releases yet; switchback release builds one"]
    : table(
        look,
        ["release", "built", "source"],
        releases.map((one) => [
          shortReleaseId(one.id),
          localDate(one.createdAt),
          // Id and time take 34 columns.
          cut(sourceText(one.source), widthOf(look) - 34),
        ]),
      );

/** Which inputs made the ids differ, and what that changed: files, migrations, names of settings. */
export const renderReleaseDiff = (look: Look, diff: ReleaseDiff): string[] => {
  if (diff.same) return ["the same release"];
  const { green, red, yellow } = look.colours;
  const names = ({
    added,
    removed,
    changed = [],
  }: {
    added: string[];
    removed: string[];
    changed?: string[];
  }): string[] => [
    ...added.map((name) => `  ${green("+")} ${name}`),
    ...removed.map((name) => `  ${red("-")} ${name}`),
    ...changed.map((name) => `  ${yellow("~")} ${name}`),
  ];
  const part = ([name, one]: [string, PartDiff]): string[] =>
    one.change === "changed"
      ? [
          `${name}  changed`,
          ...one.definition.map((member) => `  ${yellow("~")} ${member}`),
          ...(one.files === null ? [] : names(one.files)),
        ]
      : [`${name}  ${one.change}`];
  const titled = (title: string, lines: string[]): string[] => (lines.length === 0 ? [] : [title, ...lines]);
  return [
    ...titled("inputs", names(diff.inputs)),
    ...Object.entries({ ...diff.services, ...diff.sites }).flatMap(part),
    ...titled("migrations", names(diff.migrations)),
    ...Object.entries(diff.configuration).flatMap(([name, { env, secrets }]) => [
      ...titled(`${name}: settings`, names(env)),
      ...titled(`${name}: secrets`, names(secrets)),
    ]),
  ];
};
