import type { Judged, Outcome } from "../../infra/copilot/outcome.ts";
import type { CopilotImport } from "../../infra/copilot/plan-import.ts";
import { field, hanging } from "./field.ts";
import type { Look } from "./look.ts";
import { SYMBOLS } from "./symbols.ts";
import { clean } from "./text-width.ts";

const TITLES: Record<Outcome, string> = {
  import: "Terraform takes over",
  "import-at-cut-over": "Terraform takes over when users are moved",
  adopt: "used as it is, through existing",
  keep: "stays beside it",
  own: "stays, as a resource of your own",
  replace: "made anew beside it",
  drop: "goes with Copilot",
  "by-hand": "is yours to decide",
};
/** Of these each is named; of the others there are only many. */
const NAMED: Outcome[] = ["import", "import-at-cut-over", "adopt", "own", "by-hand"];

const plain = (text: string): string[] => clean(text).trimEnd().split("\n");

/** What becomes of each thing, the files that follow, and what is left to do. */
export const renderImport = (look: Look, found: CopilotImport): string[] => {
  const { colours } = look;
  const outcomes = Object.keys(TITLES) as Outcome[];
  const title = (text: string): string => colours.bold(text);
  return [
    title(`${found.app} ${found.environment}: ${found.resources.length} resources of Copilot`),
    ...outcomes.flatMap((outcome) =>
      outcomeLines(
        look,
        outcome,
        found.resources.filter((one) => one.outcome === outcome),
      ),
    ),
    ...found.warnings.flatMap((text) => hanging(look, colours.yellow(SYMBOLS.notice), clean(text))),
    ...(found.foreign.length === 0 ? [] : [`not of this environment: ${clean(found.foreign.join(", "))}`]),
    ...Object.entries(found.files).flatMap(([path, text]) => ["", title(path), ...plain(text)]),
    "",
    title("switchback.config.ts, as far as it follows"),
    ...plain(found.draft),
    ...(found.notes.length === 0 ? [] : ["", title("not in the configuration")]),
    ...found.notes.flatMap(({ service, what, todo }) =>
      hanging(look, `${service}: ${clean(what)}`, clean(todo)),
    ),
    ...(found.secrets.length === 0 ? [] : ["", title("secrets"), ...found.secrets.flatMap(plain)]),
  ];
};

const outcomeLines = (look: Look, outcome: Outcome, resources: Judged[]): string[] => {
  if (resources.length === 0) return [];
  const head = `${resources.length} ${TITLES[outcome]}`;
  if (!NAMED.includes(outcome)) return [head];
  return [
    head,
    ...resources.flatMap(({ stack, logicalId, why, todo }) => [
      ...hanging(look, `  ${clean(logicalId)}`, `${clean(why)} ${look.colours.dim(clean(stack))}`),
      ...(todo === null ? [] : field(look, "next", clean(todo), { indent: 4, labelWidth: 7 })),
    ]),
  ];
};
