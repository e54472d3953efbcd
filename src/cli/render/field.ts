import { padEnd, wrap, wrapItems } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { displayWidth } from "./text-width.ts";

export interface FieldOptions {
  indent?: number;
  /** Columns that the label takes, the gap behind it included. */
  labelWidth?: number;
}

/** `  label   value`, the value wrapped below itself. Several items are joined by ` · ` and broken between them. */
export const field = (
  look: Look,
  label: string,
  value: string | string[],
  { indent = 2, labelWidth = 15 }: FieldOptions = {},
): string[] => {
  const width = widthOf(look);
  const narrow = Math.min(labelWidth, Math.max(displayWidth(label) + 2, Math.floor(width / 3)));
  const start = indent + narrow;
  const lines = typeof value === "string" ? wrap(value, width - start) : wrapItems(value, width - start);
  return lines.map((line, index) => {
    const lead = padEnd(index === 0 ? label : "", narrow);
    return `${" ".repeat(indent)}${look.colours.dim(lead)}${line}`.trimEnd();
  });
};

/** `lead  text`, the text wrapped below itself, or below the lead where that leaves it too little room. */
export const hanging = (look: Look, lead: string, text: string): string[] => {
  const width = widthOf(look);
  const start = displayWidth(lead) + 2;
  if (start > width / 2) return [lead, ...wrap(text, width - 4).map((line) => `    ${line}`)];
  const [first = "", ...rest] = wrap(text, width - start);
  return [`${lead}  ${first}`, ...rest.map((line) => " ".repeat(start) + line)];
};
