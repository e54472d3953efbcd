import { digestOf } from "../../src/domain/digest.ts";
import type { Rehearsal } from "../../src/domain/rehearsal.ts";
import type { RehearsalAsk, Rehearser } from "../../src/ports/rehearser.ts";

/** What a rehearsal shows when all is well: the release before lives on the new schema. */
export const passed = ({ from, to, upTo }: RehearsalAsk): Rehearsal => {
  const names = to.migrations?.names ?? [];
  const last = upTo === null ? names.length : names.indexOf(upTo) + 1;
  const known = from?.migrations?.names ?? [];
  return {
    format: 1,
    from: from?.id ?? null,
    to: to.id,
    key: digestOf({ from: from?.id ?? null, to: to.id, upTo }),
    origin: "replayed",
    server: { major: 18, version: "18.4" },
    migrations: names
      .slice(0, last)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        ...{ name, kind: "expand" as const, because: null, durationMs: 1, statements: 1 },
        ...{ locks: [], rewrites: [], scans: [] },
      })),
    findings: [],
    proofs: ["up", "earlier-boots", "earlier-health"].map((name) => ({
      name: name as "up",
      outcome: "held",
      detail: "",
    })),
    verdict: "pass",
    cannot: null,
    wayBack: "stay",
    because: "the release before passed on it",
    schema: null,
    durationMs: 1,
  };
};

/** A Rehearser without a PostgreSQL: what it shows is given, and what it was asked is kept. */
export const makeFakeRehearser = (
  shows: (ask: RehearsalAsk) => Rehearsal = passed,
): Rehearser & { asked: RehearsalAsk[] } => {
  const asked: RehearsalAsk[] = [];
  return {
    asked,
    explain: () => ({ text: null, meant: null }),
    sarif: () => ({}),
    prepare: async (ask) => {
      asked.push(ask);
      const rehearsal = shows(ask);
      return { key: rehearsal.key, run: async () => rehearsal };
    },
  };
};
