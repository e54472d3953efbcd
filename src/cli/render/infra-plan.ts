import { shownText } from "../../infra/attribute-changes.ts";
import type { Danger } from "../../infra/dangers.ts";
import { isFelt, type Effect } from "../../infra/effect.ts";
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
}

/** So many attributes of one resource are shown without --verbose. */
const FEW = 8;
const VERB = 9;
const INDENT = " ".repeat(VERB + 2);

/** What happens to each resource, module by module, what it costs whoever uses the app, and where an apply stops. */
export const renderInfraPlan = (look: Look, { folder, summary, verbose }: ShownPlan): string[] => {
  if (isEmptyPlan(summary)) return [`${folder} is as the configuration says: nothing to change`];
  return [
    ...hanging(look, look.colours.bold("Plan"), `${folder}: ${countsText(summary)}`),
    ...summary.modules.flatMap((module) => moduleLines(look, module, verbose)),
    ...(summary.outputs.length === 0
      ? []
      : field(look, "outputs", summary.outputs, { indent: 0, labelWidth: VERB + 2 })),
    ...field(look, "users", usersText(summary), { indent: 0, labelWidth: VERB + 2 }),
    ...dangerLines(look, summary.dangers),
    ...(summary.complete
      ? []
      : [look.colours.yellow("Terraform could not plan all of it; another plan is needed after this one")]),
  ];
};

const DONE: [ChangeAction & keyof Summary["counts"], string][] = [
  ["destroy", "to destroy"],
  ["replace", "to replace"],
  ["update", "to change"],
  ["create", "to create"],
  ["import", "to take in"],
  ["move", "to move"],
  ["forget", "to let go"],
];

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

const usersText = ({ worst }: Summary): string =>
  isFelt(worst) ? `${HEADLINE[worst.severity]}: ${worst.text}` : "notice nothing";

const HEADLINE: Record<Effect["severity"], string> = {
  none: "notice nothing",
  restart: "tasks are replaced",
  dropped: "some requests may fail",
  outage: "an outage",
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
  const title = clean(name === null || local.includes(name) ? local : `${local} (${name})`);
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

/** Those that force a replacement first; what only AWS knows afterwards is left out. */
const attributeLines = (look: Look, { attributes }: SummaryLine, verbose: boolean): string[] => {
  const telling = attributes.filter(
    ({ forcesReplacement, after, path }) =>
      verbose || forcesReplacement || (after.kind !== "unknown" && !/^tags_all\b/.test(path)),
  );
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

/** What an apply stops at, and what has to be typed there. */
export const dangerLines = (look: Look, dangers: readonly Danger[]): string[] =>
  dangers.length === 0
    ? []
    : [
        look.colours.red(`${SYMBOLS.warning} An apply stops here until each name is typed:`),
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
