import { notice, unknown, whole, wrong, type Finding, type Repair } from "../../domain/finding.ts";
import { hintOf } from "./judge-log.ts";
import { checkpointsDue, isWhole, type CacheFact, type LogFacts } from "./look-at-log.ts";

const CACHE = "it is a cache, and the log decides; commands read more of the log until it is written anew";

/** Head and checkpoints follow from the log: with a whole log each can be written again, without one they are all there is. Pure. */
export const judgeCaches = (facts: LogFacts): Finding[] => {
  const { environment, last, head, checkpoints } = facts;
  if (last === 0 && head.type === "absent") return [];
  const found = new Map(checkpoints.map(({ sequence, fact }) => [sequence, fact]));
  const due = checkpointsDue(last);
  const judged = [...new Set([...due, ...found.keys()])]
    .sort((a, b) => a - b)
    .flatMap((sequence) =>
      judgeOne(facts, {
        fact: found.get(sequence) ?? { type: "absent" },
        check: `checkpoint ${sequence}`,
        repair: { type: "write-checkpoint", environment, sequence },
      }),
    );
  const ofHead = judgeOne(facts, {
    fact: head,
    check: "head",
    repair: { type: "write-head", environment },
  });
  const lag = head.type === "whole" ? last - head.state.sequence : 0;
  const text = lag > 0 ? `${lag} entries behind the log, which is allowed` : "is the fold of the log";
  return [
    ...(ofHead.length > 0 ? ofHead : [whole("head", environment, text)]),
    ...(judged.length === 0 && due.length > 0
      ? [whole("checkpoints", environment, `${due.length}, whole`)]
      : judged),
  ];
};

interface Cache {
  fact: CacheFact;
  check: string;
  repair: Repair;
}

const judgeOne = (facts: LogFacts, { fact, check, repair }: Cache): Finding[] => {
  const subject = facts.environment;
  const provable = isWhole(facts) && !isCut(facts);
  switch (fact.type) {
    case "absent":
      return provable ? [notice({ check, subject, what: "is not there", means: CACHE, repair })] : [];
    case "refused":
      return [wrong({ check, subject, what: fact.error.message, means: CACHE, ...hintOf(fact.error) })];
    case "damaged":
      return [
        provable
          ? wrong({ check, subject, what: "is damaged", means: CACHE, repair })
          : unknown({
              check,
              subject,
              what: "is damaged, and the log it would be made from is not whole",
              means: "nothing but the log tells what serves",
              todo: `mend the log first, then: switchback doctor ${subject} --repair`,
            }),
      ];
    case "whole":
      // That it names another entry, or one beyond the end, is told of the log: which of the two is right cannot be seen.
      return fact.fits === "other content" && provable
        ? [wrong({ check, subject, what: "is not the fold of the log", means: CACHE, repair })]
        : [];
  }
};

const isCut = ({ head, last, checkpoints }: LogFacts): boolean =>
  [head, ...checkpoints.map(({ fact }) => fact)].some(
    (fact) =>
      (fact.type === "whole" && (fact.state.sequence > last || fact.fits === "other entry")) ||
      (fact.type === "damaged" && (fact.earlier?.sequence ?? 0) > last),
  );
