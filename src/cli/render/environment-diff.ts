import type { EnvironmentDiff, SettingDiff } from "../../infra/environment-diff.ts";
import { padEnd, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean, displayWidth } from "./text-width.ts";

/**
 * Two environments side by side, only what differs. A difference in shape comes first and loudly: what passed in the one
 * has then not been tried for the other.
 */
export const renderEnvironmentDiff = (look: Look, found: EnvironmentDiff): string[] => {
  const { colours } = look;
  const { environments, shape, size, deployment } = found;
  const [first, second] = environments;
  const all = [...shape, ...size, ...deployment];
  if (all.length === 0) return [`${first} and ${second} do not differ`];
  const layout = layoutOf(look, environments, all);
  const section = (title: string, rows: SettingDiff[]): string[] =>
    rows.length === 0 ? [] : ["", ...wrap(title, widthOf(look)), ...groupsOf(look, layout, rows)];
  const sizes = size.length === 0 ? "in the same sizes" : "in other sizes";
  const sameShape = [`${colours.green(`${SYMBOLS.done} the same shape`)}: the same parts, ${sizes}`];
  const otherShape = colours.red(colours.bold(`${SYMBOLS.failed} Not the same shape`));
  const tried = `what passes in ${first} can fail in ${second}`;
  return [
    ...line(layout, ["", first, second], widthOf(look)).map(colours.dim),
    ...(shape.length === 0 ? ["", ...sameShape] : section(`${otherShape}: ${tried}`, shape)),
    ...section("Sizes", size),
    ...section("Deployments", deployment),
  ];
};

interface Layout {
  label: number;
  value: number;
}

const INDENT = "    ";

const layoutOf = (look: Look, environments: [string, string], rows: SettingDiff[]): Layout => {
  const width = widthOf(look);
  const widest = (texts: string[]): number => Math.max(...texts.map(displayWidth));
  const label = Math.min(
    widest(rows.map(({ name }) => clean(name))) + INDENT.length + 2,
    Math.floor(width / 2),
  );
  const wanted = widest([environments[0], ...rows.map(({ values }) => textOf(values[0]))]) + 2;
  return { label, value: Math.min(wanted, Math.floor((width - label) / 2)) };
};

const groupsOf = (look: Look, layout: Layout, rows: SettingDiff[]): string[] =>
  [...new Set(rows.map(({ group }) => group))].flatMap((group) => [
    `  ${clean(group)}`,
    ...rows
      .filter((row) => row.group === group)
      .flatMap(({ name, values }) =>
        line(layout, [INDENT + clean(name), textOf(values[0]), textOf(values[1])], widthOf(look)),
      ),
  ]);

/** Three columns, each wrapped below itself. */
const line = (
  { label, value }: Layout,
  [name, first, second]: [string, string, string],
  width: number,
): string[] => {
  const columns = [
    wrapped(name, label - 2),
    wrapped(first, value - 2),
    wrapped(second, Math.max(8, width - label - value)),
  ];
  return Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, index) => {
    const [a = "", b = "", c = ""] = columns.map((lines) => lines[index] ?? "");
    return `${padEnd(a, label)}${padEnd(b, value)}${c}`.trimEnd();
  });
};

/** `wrap` drops the blanks in front, which a name is set in by. */
const wrapped = (text: string, width: number): string[] => {
  const lead = /^ */.exec(text)![0];
  return wrap(text.trimStart(), Math.max(4, width - lead.length)).map((part) => lead + part);
};

const textOf = (value: SettingDiff["values"][number]): string => {
  if (value === null) return SYMBOLS.nothing;
  return typeof value === "boolean" ? (value ? "yes" : "no") : clean(String(value));
};
