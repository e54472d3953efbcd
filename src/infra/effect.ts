/** What a change means for who uses the app, from nothing to what does not come back. In the order of their weight. */
export const SEVERITIES = ["none", "restart", "dropped", "outage", "loss"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Effect {
  severity: Severity;
  /** One phrase: what is felt, and for how long. */
  text: string;
}

export const NO_EFFECT: Effect = { severity: "none", text: "nobody notices" };

export const worse = (a: Effect, b: Effect): Effect =>
  SEVERITIES.indexOf(b.severity) > SEVERITIES.indexOf(a.severity) ? b : a;

export const isFelt = ({ severity }: Effect): boolean => severity !== "none";
