import { wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { clean } from "./text-width.ts";

/** SQL that can be copied: a comment that is broken stays a comment, and a statement is broken at spaces only. */
export const sqlLines = (look: Look, lines: string[], indent: number): string[] => {
  const room = widthOf(look) - indent;
  return lines.flatMap((line) => {
    const text = clean(line);
    const comment = text.startsWith("-- ");
    const parts = comment
      ? wrap(text.slice(3), room - 3).map((part) => look.colours.dim(`-- ${part}`))
      : wrap(text, room - 2).map((part, index) => (index === 0 ? part : `  ${part}`));
    return parts.map((part) => `${" ".repeat(indent)}${part}`);
  });
};
