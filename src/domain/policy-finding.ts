export type PolicySeverity = "high" | "medium" | "low";

/**
 * "broken": the plan says otherwise. "unknown": the plan cannot tell before it is applied, so nothing is held to be
 * right. "waived": broken or unknown, with a waiver that still holds.
 */
export type PolicyState = "broken" | "unknown" | "waived";

/** Where a policy does not hold. Data: what is done about it is decided elsewhere. */
export interface PolicyFinding {
  rule: string;
  severity: PolicySeverity;
  state: PolicyState;
  /** Terraform's address of the resource. */
  address: string;
  attribute: string;
  /** As text; a sensitive value never appears. */
  is: string;
  shouldBe: string;
  title: string;
  why: string;
  /** The page of AWS's documentation that the rule comes from. */
  reference: string;
  waiver: PolicyWaiver | null;
}

/** Lets a rule be broken at an address for a time. */
export interface PolicyWaiver {
  rule: string;
  /** Terraform's address; `*` stands for any text. */
  address: string;
  reason: string;
  /** The last day on which it holds, `2027-01-31`. */
  until: string;
}

/** A waiver that does nothing any more, or never did. */
export interface WaiverProblem {
  waiver: PolicyWaiver;
  problem: "expired" | "rule-unknown" | "date-unreadable" | "unused";
  what: string;
}

export interface PolicyReport {
  findings: PolicyFinding[];
  waivers: WaiverProblem[];
  /** How many rules were asked of how many resources. */
  rules: number;
  resources: number;
}

/** A waiver that nobody may count on; one that fits nothing does no harm. */
export const isWrongWaiver = ({ problem }: WaiverProblem): boolean => problem !== "unused";

/** 0: every policy holds or is waived, or only the apply can tell. 3: one is broken, or a waiver is expired or names none. */
export const exitCodeOfPolicies = ({ findings, waivers }: PolicyReport): 0 | 3 =>
  findings.some(({ state }) => state === "broken") || waivers.some(isWrongWaiver) ? 3 : 0;
