import { notice, whole, wrong, type Finding } from "../../domain/finding.ts";
import { hintOf } from "./judge-log.ts";
import { isWhole, type LogFacts } from "./look-at-log.ts";

/** Who may change the environment. No lease is ever in the way for good: a dead holder's is taken at once, a damaged one in time. Pure. */
export const judgeLease = (facts: LogFacts): Finding[] => {
  const { environment, lease } = facts;
  const [check, subject] = ["lease", environment];
  if (lease.type === "refused")
    return [
      wrong({
        ...{ check, subject, what: lease.error.message },
        means: "nothing can be deployed, resumed or taken back; what serves goes on serving",
        ...hintOf(lease.error),
      }),
    ];
  const { standing, judged } = lease;
  const { record, etag } = standing;
  if (etag === null) return facts.last === 0 ? [] : [whole(check, subject, "free")];
  if (record === null) {
    const means = "its holder may live, so the next command waits until it has run out, and takes it then";
    const what = "is damaged";
    // Taking it needs the highest epoch, which the log tells.
    return [
      isWhole(facts)
        ? wrong({ check, subject, what, means, repair: { type: "clear-lease", environment } })
        : wrong({
            check,
            subject,
            what,
            means,
            todo: "mend the log first; until then it is in nobody's way",
          }),
    ];
  }
  const { holder, purpose, durationMs, released } = record;
  const by = `${holder.actor} (process ${holder.pid}): ${purpose}`;
  if (released) return [whole(check, subject, "free")];
  if (judged === "held") return [whole(check, subject, `held by ${by}`)];
  const dead = judged === "free";
  return [
    notice({
      check,
      subject,
      what: dead
        ? `was held by ${by}, which is gone`
        : `is held by ${by}, on another machine or before a restart`,
      means: dead
        ? "in nobody's way: the next command takes it at once"
        : `if that process is gone, the next command with --wait takes it after ${durationMs / 1000} s without a sign`,
    }),
  ];
};
