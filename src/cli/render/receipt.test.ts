import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { Receipt } from "../../domain/receipt.ts";
import { renderReceipt } from "./receipt.ts";

const look = { colours: createColors(false), columns: 80 };
const [OLD, NEW] = ["ab".repeat(32), "cd".repeat(32)];

const receipt = (change: Partial<Receipt>): Receipt => ({
  deployment: "d-0002",
  environment: "staging",
  outcome: "succeeded",
  release: NEW,
  serving: NEW,
  changed: [],
  reverted: [],
  notReverted: [],
  failure: null,
  durationMs: 1200,
  urls: [],
  ...change,
});

const text = (change: Partial<Receipt>, options = {}) =>
  renderReceipt(look, receipt(change), options).join("\n");

test("a rollback is offered only where there is something to go back to", () => {
  expect(text({})).toContain("switchback rollback staging");
  expect(text({}, { canRollBack: false })).not.toContain("rollback");
});

test("a half-way deployment is not called as before", () => {
  const lines = text({ outcome: "interrupted", serving: OLD });
  expect(lines).toContain("r-abababababab counts, requests may reach r-cdcdcdcdcdcd");
  expect(lines).not.toContain("as before");
});

test("what to do about a failure is said, with the environment's own name", () => {
  const error = {
    code: "SECRET_MISSING" as const,
    kind: "precondition" as const,
    message: "Service api needs KEY.",
    hint: "switchback secret set ENVIRONMENT KEY",
  };
  const failed = { step: "guard/secrets", error: error as never };
  const lines = text({ outcome: "compensated", serving: OLD, failure: failed });
  expect(lines).toContain("do     switchback secret set staging KEY");
  expect(lines).toContain("r-abababababab, as before");
});

test("a receipt that is read later ends with what serves, without an exit code", () => {
  expect(text({}, { exitCode: null })).not.toMatch(/next|exit/);
});
