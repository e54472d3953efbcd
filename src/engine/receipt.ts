import type { StepState } from "../domain/environment-state.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { Receipt, ReceiptItem } from "../domain/receipt.ts";
import { openOf, type EngineDeps } from "./run.ts";
import { definitionOf } from "./steps/index.ts";

/** What the deployment changed, reverted and did not revert, from its log; the addresses are asked of the platform. */
export const receiptOf = async (
  { session, platform }: EngineDeps,
  end: Pick<Receipt, "outcome" | "failure" | "durationMs">,
): Promise<Receipt> => {
  const state = session.state();
  const open = openOf(session);
  const items =
    end.outcome === "compensated" || end.outcome === "stuck" ? takenBack(open) : takenForward(open);
  // The addresses are a courtesy: without them the receipt is still true.
  const urls = await platform
    .observe({ signal: AbortSignal.timeout(2000) })
    .then((observed) => observed.urls)
    .catch(() => []);
  return {
    deployment: open.id,
    environment: state.environment,
    release: open.plan.release,
    serving: state.serving?.release ?? null,
    ...items,
    ...end,
    urls,
  };
};

type Items = Pick<Receipt, "changed" | "reverted" | "notReverted">;
interface Steps {
  plan: { steps: PlannedStep[] };
  steps: Record<string, StepState>;
}

const takenForward = (open: Steps): Items => ({
  changed: collapse(itemsOf(open, { reverted: false }), "last"),
  reverted: [],
  notReverted: [],
});

const takenBack = (open: Steps): Items => ({
  changed: [],
  reverted: collapse(
    itemsOf(open, { reverted: true }, (status) => status === "compensated"),
    "first",
  ),
  notReverted: [
    ...collapse(
      itemsOf(open, { reverted: false }, (status) => status !== "compensated"),
      "last",
    ),
    ...staged(open),
  ],
});

interface StepItem {
  kind: string;
  item: ReceiptItem;
}

const itemsOf = (
  { plan, steps }: Steps,
  { reverted }: { reverted: boolean },
  fits: (status: StepState["status"]) => boolean = () => true,
): StepItem[] =>
  plan.steps.flatMap(({ id, action }) => {
    const state = steps[id];
    if (state === undefined || !fits(state.status)) return [];
    const { before, outputs, error } = state;
    // A migration that failed half-way tells in its error what it had applied.
    const told =
      outputs ??
      (error?.context?.["applied"] === undefined ? null : { applied: error.context["applied"] as string[] });
    const item = definitionOf(action.kind).receipt?.(action, { before, outputs: told, reverted }) ?? null;
    return item === null ? [] : [{ kind: action.kind, item }];
  });

/** Many small steps about one thing are one line: where it ended, or, taken back, where it had begun. */
const collapse = (items: StepItem[], which: "first" | "last"): ReceiptItem[] => {
  const byThing = new Map<string, ReceiptItem>();
  for (const { kind, item } of which === "last" ? items : [...items].reverse())
    byThing.set(`${kind} ${item.what}`, item);
  return [...byThing.values()];
};

const staged = ({ plan, steps }: Steps): ReceiptItem[] => {
  const subjects = plan.steps
    .filter(
      ({ id, action }) =>
        (action.kind === "stage-revision" || action.kind === "stage-site") &&
        steps[id]?.status === "succeeded",
    )
    .map(({ subject }) => subject);
  return subjects.length === 0
    ? []
    : [{ what: subjects.join(", "), detail: "the staged files stay, unused" }];
};
