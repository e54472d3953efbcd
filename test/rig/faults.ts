import type { AwsError } from "./answers.ts";
import type { Call } from "./call.ts";

export type Fate =
  | ({ type: "error" } & AwsError)
  /** The service's own word for it. */
  | { type: "throttle" }
  /** Held back so long, then carried out and answered. */
  | { type: "slow"; ms: number }
  /** Nothing is carried out, and nobody ever answers. */
  | { type: "hang" }
  /** The connection ends; nothing is carried out. */
  | { type: "drop-before" }
  /** It is carried out, and the connection ends without an answer. */
  | { type: "drop-after" };

export interface FaultRule {
  /** Absent: any. */
  service?: string;
  action?: string;
  region?: string;
  /** In-process rules only. */
  when?: (call: Call) => boolean;
  /** The first matching call that meets the fate, counted from 1 and from when the rule was added. Default 1. */
  nth?: number;
  /** How many matching calls meet it. Default 1; null: all that follow. */
  times?: number | null;
  fate: Fate;
}

export interface AddedFault {
  /** How many calls met its fate so far. */
  hits(): number;
  remove(): void;
}

export interface Faults {
  add(rule: FaultRule): AddedFault;
  clear(): void;
}

const matches = (rule: FaultRule, call: Call) =>
  (rule.service ?? call.service) === call.service &&
  (rule.action ?? call.action) === call.action &&
  (rule.region ?? call.region) === call.region &&
  (rule.when?.(call) ?? true);

/** Each rule counts the calls that it matches; the first rule whose turn it is decides. */
export const makeFaults = (): Faults & { decide(call: Call): Fate | null } => {
  let rules: { rule: FaultRule; seen: number; hits: number }[] = [];
  return {
    add: (rule) => {
      const entry = { rule, seen: 0, hits: 0 };
      rules.push(entry);
      return { hits: () => entry.hits, remove: () => void (rules = rules.filter((one) => one !== entry)) };
    },
    clear: () => void (rules = []),
    decide: (call) => {
      let chosen: Fate | null = null;
      for (const entry of rules) {
        if (!matches(entry.rule, call)) continue;
        entry.seen += 1;
        const { nth = 1, times = 1 } = entry.rule;
        if (chosen !== null || entry.seen < nth || (times !== null && entry.seen >= nth + times)) continue;
        entry.hits += 1;
        chosen = entry.rule.fate;
      }
      return chosen;
    },
  };
};

/** What a service says when it is asked too often. */
export const throttling = ({ protocol }: Pick<Call, "protocol">): AwsError => {
  switch (protocol) {
    case "s3":
      return { status: 503, code: "SlowDown", message: "Please reduce your request rate." };
    case "ec2":
      return { status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." };
    case "cbor":
    case "query":
    case "rest-xml":
      return { status: 400, code: "Throttling", message: "Rate exceeded" };
    case "json":
    case "rest-json":
      return { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
  }
};
