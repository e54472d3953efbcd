import { expect, test } from "vitest";
import { Conversation, type StepKind } from "./conversation.ts";
import type { Frame } from "./wire/frames.ts";
import { ready, report } from "./wire/write.ts";

interface Step {
  kind: StepKind;
  name: string;
}

const frame = (type: string, body = ""): Frame => ({
  type,
  bytes: Buffer.concat([Buffer.from(type), Buffer.alloc(4), Buffer.from(body)]),
});
const error: Frame = {
  type: "E",
  bytes: report("E", [
    ["C", "42601"],
    ["M", "no"],
  ]),
};
const isReady: Frame = { type: "Z", bytes: ready("I") };

const talk = (...kinds: StepKind[]): Conversation<Step> => {
  const conversation = new Conversation<Step>();
  kinds.forEach((kind, n) => conversation.ask({ kind, name: `${kind} ${n}` }));
  return conversation;
};
const ends = (conversation: Conversation<Step>, answer: Frame): string[] =>
  conversation.answer(answer).ended.map(({ step, outcome }) => `${step.name}: ${outcome.kind}`);

test("answers belong to what was asked, in order", () => {
  const conversation = talk("parse", "bind", "describe", "execute", "sync");
  expect(ends(conversation, frame("1"))).toEqual(["parse 0: done"]);
  expect(ends(conversation, frame("2"))).toEqual(["bind 1: done"]);
  expect(ends(conversation, frame("t"))).toEqual([]);
  expect(ends(conversation, frame("n"))).toEqual(["describe 2: done"]);
  expect(ends(conversation, frame("D"))).toEqual([]);
  expect(ends(conversation, frame("C", "SELECT 1\0"))).toEqual(["execute 3: done"]);
  expect(ends(conversation, isReady)).toEqual(["sync 4: ready"]);
  expect(conversation.idle).toBe(true);
});

test("after an error everything up to the next Sync is skipped, and what is asked before it, too", () => {
  const conversation = talk("parse", "bind", "execute");
  expect(ends(conversation, error)).toEqual(["parse 0: error", "bind 1: skipped", "execute 2: skipped"]);
  expect(conversation.skipping).toBe(true);
  expect(conversation.ask({ kind: "query", name: "late" })).toEqual([{ kind: "query", name: "late" }]);
  expect(conversation.ask({ kind: "sync", name: "sync" })).toEqual([]);
  expect(conversation.skipping).toBe(false);
  expect(ends(conversation, isReady)).toEqual(["sync: ready"]);
});

test("an error in a text, or at the commit, is told with ReadyForQuery", () => {
  for (const kind of ["query", "sync"] as const) {
    const conversation = talk(kind);
    expect(ends(conversation, error)).toEqual([]);
    expect(conversation.answer(isReady).ended[0]?.outcome).toMatchObject({
      kind: "ready",
      error: { sqlState: "42601" },
    });
  }
});

test("notices, settings and notifications come at any time", () => {
  for (const conversation of [talk(), talk("parse"), talk("query")])
    for (const type of ["N", "S", "A"]) expect(ends(conversation, frame(type))).toEqual([]);
});

test("an answer that nobody asked for is a violation", () => {
  expect(() => talk().answer(frame("C", "SELECT 1\0"))).toThrow('type "C" unasked');
  expect(() => talk("bind").answer(frame("1"))).toThrow('type "1" in answer to bind');
});
