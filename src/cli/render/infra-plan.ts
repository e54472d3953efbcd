import { shownText } from "../../infra/attribute-changes.ts";
import type { Danger } from "../../infra/dangers.ts";
import { isFelt, SEVERITIES, type Effect, type Severity } from "../../infra/effect.ts";
import type { AttributeChange, ChangeAction } from "../../infra/plan-change.ts";
import { isEmptyPlan, type Summary, type SummaryLine, type SummaryModule } from "../../infra/summary.ts";
import { field, hanging } from "./field.ts";
import { cut, padEnd, wrap, wrapItems } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

export interface ShownPlan {
  /** `infra/staging` */
  folder: string;
  summary: Summary;
  verbose: boolean;
  /** A plan that takes everything away: what is lost for good is told instead of names to type. */
  destroys?: boolean;
}

/** So many attributes of one resource are shown without --verbose. */
const FEW = 8;
const VERB = 9;
/** Beyond this it is no name but an id, which says nothing to a reader. */
const LONGEST_NAME = 60;
const INDENT = " ".repeat(VERB + 2);

/** What happens to each resource, module by module, what it costs whoever uses the app, and where an apply stops. */
export const renderInfraPlan = (
  look: Look,
  { folder, summary, verbose, destroys = false }: ShownPlan,
): string[] => {
  if (isEmptyPlan(summary)) return [`${folder} is as the configuration says: nothing to change`];
  return [
    ...hanging(look, look.colours.bold("Plan"), `${folder}: ${countsText(summary)}`),
    ...summary.modules.flatMap((module) => moduleLines(look, module, verbose)),
    ...(summary.outputs.length === 0
      ? []
      : field(look, "outputs", summary.outputs, { indent: 0, labelWidth: VERB + 2 })),
    ...field(look, "users", usersText(summary), { indent: 0, labelWidth: VERB + 2 }),
    ...(destroys
      ? dangerLines(
          look,
          summary.dangers.filter(({ kind }) => kind === "data"),
          "Lost for good:",
        )
      : dangerLines(look, summary.dangers, "An apply stops here until each name is typed:")),
    ...(summary.complete
      ? []
      : [look.colours.yellow("Terraform could not plan all of it; another plan is needed after this one")]),
  ];
};

const DONE: [action: keyof Summary["counts"], planned: string, done: string][] = [
  ["destroy", "to destroy", "destroyed"],
  ["replace", "to replace", "replaced"],
  ["update", "to change", "changed"],
  ["create", "to create", "created"],
  ["import", "to take in", "taken in"],
  ["move", "to move", "moved"],
  ["forget", "to let go", "let go"],
];

/** "3 created, 1 changed" */
export const doneText = ({ counts }: Pick<Summary, "counts">): string => {
  const parts = DONE.filter(([action]) => counts[action] > 0).map(
    ([action, , done]) => `${counts[action]} ${done}`,
  );
  return parts.length === 0 ? "only outputs changed" : parts.join(", ");
};

export const countsText = ({ counts, outputs }: Pick<Summary, "counts" | "outputs">): string => {
  const parts = DONE.filter(([action]) => counts[action] > 0).map(
    ([action, text]) => `${counts[action]} ${text}`,
  );
  return parts.length === 0
    ? outputs.length === 0
      ? "nothing to change"
      : "only outputs change"
    : parts.join(", ");
};

/** One change is told in full; of several, how many do what. */
const usersText = ({ modules }: Summary): string[] => {
  const felt = modules.flatMap(({ lines }) => lines.map(({ effect }) => effect)).filter(isFelt);
  const [only] = felt;
  if (only === undefined) return ["notice nothing"];
  if (felt.length === 1) return [`${HEADLINE[only.severity]}: ${only.text}`];
  return [...SEVERITIES].reverse().flatMap((severity) => {
    const number = felt.filter((effect) => effect.severity === severity).length;
    return number === 0 ? [] : [`${HEADLINE[severity]} (${number})`];
  });
};

const HEADLINE: Record<Severity, string> = {
  none: "notice nothing",
  restart: "tasks are replaced",
  dropped: "some requests may fail",
  outage: "outage",
  loss: "data is lost",
};

const moduleLines = (look: Look, { module, lines }: SummaryModule, verbose: boolean): string[] => {
  const apart = lines.filter(({ action }) => verbose || action !== "create");
  const created = verbose ? [] : lines.filter(({ action }) => action === "create");
  return [
    module === "" ? "" : look.colours.bold(module),
    ...apart.flatMap((line) => resourceLines(look, line, verbose)),
    ...(created.length === 0 ? [] : createdLines(look, created)),
  ].filter((line, index) => index > 0 || line !== "");
};

/** Resources that are new need no line each: what there will be, by type. */
const createdLines = (look: Look, lines: SummaryLine[]): string[] => {
  const types = new Map<string, number>();
  for (const { type } of lines) types.set(type, (types.get(type) ?? 0) + 1);
  const items = [...types].map(([type, number]) => (number === 1 ? type : `${number} ${type}`));
  return wrapItems(items, widthOf(look) - INDENT.length).map((text, index) =>
    lead(look, index === 0 ? "create" : "", text),
  );
};

const WORDS: Record<ChangeAction, string> = {
  create: "create",
  update: "change",
  replace: "replace",
  destroy: "destroy",
  read: "read",
  forget: "let go",
  move: "move",
  import: "take in",
  nothing: "",
};

const lead = (look: Look, word: string, text: string): string => {
  const { colours } = look;
  const padded = padEnd(word, VERB);
  const painted =
    word === "destroy" || word === "replace"
      ? colours.red(padded)
      : word === "create"
        ? colours.green(padded)
        : padded;
  return `  ${painted}${text}`;
};

const resourceLines = (look: Look, line: SummaryLine, verbose: boolean): string[] => {
  const { action, local, name, movedFrom, importing, effect } = line;
  const named = name !== null && name.length <= LONGEST_NAME && !local.includes(name);
  const title = clean(named ? `${local} (${name})` : local);
  const room = widthOf(look) - INDENT.length;
  const from = movedFrom === null ? [] : [`moved from ${movedFrom}`];
  const taken = importing === null ? [] : [`is there as ${importing}`];
  return [
    ...wrap(title, room).map((text, index) => lead(look, index === 0 ? WORDS[action] : "", text)),
    ...[...from, ...taken].flatMap((text) => wrap(text, room)).map((text) => INDENT + text),
    ...attributeLines(look, line, verbose),
    ...(effect.text === "" || !isFelt(effect) ? noteLines(look, effect) : effectLines(look, effect)),
  ];
};

const noteLines = (look: Look, { text, severity }: Effect): string[] =>
  text === "" || (severity === "none" && text === "nobody notices")
    ? []
    : wrap(text, widthOf(look) - INDENT.length - 2).map((one) => look.colours.dim(`${INDENT}${one}`));

const effectLines = (look: Look, effect: Effect): string[] => {
  const { colours } = look;
  const paint = effect.severity === "outage" || effect.severity === "loss" ? colours.red : colours.yellow;
  return wrap(effect.text, widthOf(look) - INDENT.length - 2).map(
    (text, index) => `${INDENT}${index === 0 ? paint(`${SYMBOLS.warning} `) : "  "}${paint(text)}`,
  );
};

/** Those that force a replacement first. What only AWS knows afterwards is left out where there is anything else to tell. */
const attributeLines = (look: Look, { action, attributes }: SummaryLine, verbose: boolean): string[] => {
  const told = attributes.filter(
    ({ forcesReplacement, after, path }) =>
      forcesReplacement ||
      (after.kind !== "unknown" &&
        !/^tags_all\b/.test(path) &&
        !(action === "replace" && after.kind === "absent")),
  );
  const telling = verbose || (told.length === 0 && action === "update") ? attributes : told;
  const sorted = [...telling].sort((a, b) => Number(b.forcesReplacement) - Number(a.forcesReplacement));
  const shown = verbose ? sorted : sorted.slice(0, FEW);
  const more = sorted.length - shown.length;
  return [
    ...shown.map((one) => attributeLine(look, one)),
    ...(more === 0 ? [] : [look.colours.dim(`${INDENT}and ${more} more: --verbose`)]),
  ];
};

const attributeLine = (look: Look, { path, before, after, forcesReplacement }: AttributeChange): string => {
  const why = forcesReplacement ? "  forces it" : "";
  const room = widthOf(look) - INDENT.length - why.length;
  const [was, is] = [clean(shownText(before)), clean(shownText(after))];
  const whole = `${path}  ${was} ${SYMBOLS.arrow} ${is}`;
  const half = Math.max(8, Math.floor((room - path.length - 5) / 2));
  const text =
    whole.length <= room ? whole : cut(`${path}  ${cut(was, half)} ${SYMBOLS.arrow} ${cut(is, half)}`, room);
  return `${INDENT}${text}${look.colours.red(why)}`;
};

/** What cannot be undone, with the name to type. */
const dangerLines = (look: Look, dangers: readonly Danger[], heading: string): string[] =>
  dangers.length === 0
    ? []
    : [
        look.colours.red(`${SYMBOLS.warning} ${heading}`),
        ...dangers.flatMap(({ address, name, action, loss, because, takes }) => [
          ...wrap(name === address ? address : `${name}  ${address}`, widthOf(look) - 2).map(
            (text) => `  ${text}`,
          ),
          ...wrap(
            [
              `${action === "destroy" ? "destroyed" : action === "replace" ? "replaced" : "changed"}: ${loss}`,
              ...(because.length === 0 ? [] : [`because of ${because.join(", ")}`]),
              ...(takes.length === 0 ? [] : [`takes ${takes.length} more with it`]),
            ].join("; "),
            widthOf(look) - 4,
          ).map((text) => `    ${text}`),
        ]),
      ];
