import type { Rule } from "../rule.ts";

/** Told by the judge while it reads the comments of a file. */
const text = (rule: Pick<Rule, "id" | "level" | "title" | "why" | "instead">): Rule => ({
  ...rule,
  family: "waivers",
  example: { finds: [], instead: [] },
  sameAs: {},
  check: () => [],
});

export const waiverRules: Rule[] = [
  text({
    id: "waiver-without-reason",
    level: "warn",
    title: "A rule is let be, and nobody says why.",
    why: "Whoever reads it in a year cannot tell whether it still holds. It has no effect.",
    instead: "-- switchback: allow <rule> because <reason>",
  }),
  text({
    id: "waiver-unknown-rule",
    level: "warn",
    title: "A waiver names a rule that is not there.",
    why: "It has no effect, and what it was meant for is found all the same.",
    instead: "Take the rule's name from the report, or from docs/migration-rules.md.",
  }),
  text({
    id: "waiver-unreadable",
    level: "warn",
    title: "A comment speaks to Switchback and is not understood.",
    why: "It has no effect.",
    instead: "-- switchback: contract, or -- switchback: allow <rule> because <reason>",
  }),
  text({
    id: "waiver-unused",
    level: "info",
    title: "A waiver lets nothing be.",
    why: "The rule does not find anything there any more; a waiver left behind hides the next thing that it finds.",
    instead: "Take it out.",
  }),
];
