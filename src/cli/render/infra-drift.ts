import type { Drift } from "../../infra/drift.ts";
import { field } from "./field.ts";
import { justify, wrap } from "./fit.ts";
import { widthOf, type Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

/** Resource by resource, what was and what is. */
export const renderDrift = (
  look: Look,
  { environment, drift, securityGroups }: { environment: string; drift: Drift[]; securityGroups: number },
): string[] => {
  const looked =
    securityGroups === 0
      ? ""
      : `, rules of ${securityGroups} security group${securityGroups === 1 ? "" : "s"} included`;
  if (drift.length === 0) return [`${SYMBOLS.done} ${environment} is as it was made${looked}`];
  const { colours } = look;
  const addresses = [...new Set(drift.map(({ address }) => address))];
  return [
    ...addresses.flatMap((address) => [
      ...wrap(clean(address), widthOf(look) - 2).map((text, index) =>
        index === 0 ? `${colours.red(SYMBOLS.failed)} ${colours.bold(text)}` : `  ${text}`,
      ),
      ...drift.filter((one) => one.address === address).flatMap((one) => driftLines(look, one)),
    ]),
    ...justify(
      `${drift.length} change${drift.length === 1 ? "" : "s"} from outside${looked}`,
      colours.dim("exit 3"),
      widthOf(look),
    ),
    ...field(
      look,
      "next",
      [`take it back: switchback infra plan ${environment}`, "or write it into the configuration"],
      {
        indent: 0,
        labelWidth: 6,
      },
    ),
  ];
};

const OPTIONS = { indent: 4, labelWidth: 5 };

const driftLines = (look: Look, { attribute, was, is }: Drift): string[] =>
  attribute === null
    ? field(look, "is", clean(is), OPTIONS)
    : [
        `    ${clean(attribute)}`,
        ...field(look, "was", clean(was), { ...OPTIONS, indent: 6 }),
        ...field(look, "is", clean(is), { ...OPTIONS, indent: 6 }),
      ];
