/** What becomes of something that Copilot made. */
export type Outcome =
  /** Terraform takes it over as it is; nothing changes for users. */
  | "import"
  /** Taken over when users are moved: it carries traffic, and the first plan already changes it. */
  | "import-at-cut-over"
  /** Used through `existing`; it has to outlive Copilot's stack. */
  | "adopt"
  /** Part of what is adopted; it has to outlive Copilot's stack. */
  | "keep"
  /** Not in the module: a resource of the user's own beside it, for which the import block is given. */
  | "own"
  /** The module makes another one beside it; Copilot's goes with its stack. */
  | "replace"
  /** Copilot's own machinery; goes with its stack. */
  | "drop"
  /** Nothing stands in for it: a person has to decide. */
  | "by-hand";

export interface Judgement {
  outcome: Outcome;
  /** A sentence: why. */
  why: string;
  /** What to do; null: nothing. */
  todo: string | null;
  /** For the imports: which root, Terraform's address, and the id as the provider wants it. */
  import?: { root: "environment" | "bootstrap"; to: string; id: string };
  /** For what is adopted: the setting under `existing`, and its value. */
  setting?: { name: string; value: string };
}

export interface Judged extends Judgement {
  stack: string;
  logicalId: string;
  physicalId: string;
  type: string;
}

export const replace = (why: string, todo: string | null = null): Judgement => ({
  outcome: "replace",
  why,
  todo,
});
export const drop = (why = "Copilot's own machinery."): Judgement => ({ outcome: "drop", why, todo: null });
export const keep = (why: string): Judgement => ({ outcome: "keep", why, todo: null });
export const byHand = (why: string, todo: string): Judgement => ({ outcome: "by-hand", why, todo });

export const adopt = (name: string, value: string, why: string): Judgement => ({
  ...{ outcome: "adopt", why, todo: null },
  setting: { name, value },
});
