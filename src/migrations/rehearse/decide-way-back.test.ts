import { describe, expect, test } from "vitest";
import type { RehearsalProof } from "../../domain/rehearsal.ts";
import { decideWayBack } from "./decide-way-back.ts";

const NAMES: RehearsalProof["name"][] = [
  ...(["up", "down", "down-schema", "down-data", "up-again"] as const),
  ...(["earlier-boots", "earlier-health", "earlier-smoke", "earlier-statements"] as const),
];

const decide = (not: Partial<Record<RehearsalProof["name"], RehearsalProof["outcome"]>>) =>
  decideWayBack(
    NAMES.map((name) => ({ name, outcome: not[name] ?? "held", detail: `as ${name} says` })),
    { hasEarlier: true },
  );

describe("the way back", () => {
  test("is to let the schema stay when the release before ran on it, whatever the down does", () => {
    expect(decide({ down: "failed" })).toMatchObject({ wayBack: "stay" });
  });

  test.each(NAMES.filter((name) => name.startsWith("earlier-")))(
    "is the down when %s was not tried, and says so",
    (name) => {
      const { wayBack, because } = decide({ [name]: "not-tried" });
      expect(wayBack).toBe("down");
      expect(because).toContain(`${name} was not tried: as ${name} says`);
    },
  );

  test.each(NAMES.filter((name) => !name.startsWith("earlier-")))(
    "is a restore when %s did not hold either, and says both",
    (name) => {
      const { wayBack, because } = decide({ "earlier-smoke": "failed", [name]: "failed" });
      expect(wayBack).toBe("restore");
      expect(because).toContain("earlier-smoke failed");
      expect(because).toContain(`${name} failed`);
    },
  );

  test("is to stay where there was no release before", () => {
    expect(decideWayBack([], { hasEarlier: false })).toMatchObject({ wayBack: "stay" });
  });
});
