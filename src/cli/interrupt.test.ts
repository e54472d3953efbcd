import { expect, test } from "vitest";
import { makeWhatNow } from "./ask-what-now.ts";
import { watchInterrupts, type Wish } from "./interrupt.ts";
import { makeTerminal } from "./terminal.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ProgressEvent } from "../ports/reporter.ts";

const signals = () => {
  let listener: ((name: "SIGINT" | "SIGTERM") => void) | null = null;
  return {
    onSignal: (to: typeof listener & {}) => {
      listener = to;
      return () => void (listener = null);
    },
    send: (name: "SIGINT" | "SIGTERM") => listener?.(name),
  };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A person at a terminal who answers with these lines, and then thinks. */
const person = (answers: string[]) => {
  const { onSignal, send } = signals();
  const calls: string[] = [];
  const stream = { isTTY: true, write: () => true, on: () => stream } as never;
  const terminal = makeTerminal({ stdout: stream, stderr: stream, env: { LANG: "C.UTF-8" } });
  const question = (_prompt: string, signal: AbortSignal) => {
    const answer = answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    return new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
  };
  const whatNow = makeWhatNow(
    { terminal, question },
    { suspend: () => calls.push("suspend"), resume: (rows) => calls.push(`resume ${rows}`) },
  );
  const interrupt = watchInterrupts({ onSignal }, (signal) => whatNow.ask(signal));
  return { whatNow, interrupt, send, calls };
};

const planned = { type: "planned", deployment: "d-0007" } as ProgressEvent;
const committed = { type: "step-succeeded", step: { phase: "commit" } as PlannedStep } as ProgressEvent;

test.each<[string, Wish]>([
  ["r", "abort"],
  ["d", "detach"],
])("the first Ctrl-C asks, and %s means %s", async (answer, wish) => {
  const { whatNow, interrupt, send, calls } = person(["what?", answer]);
  whatNow.watch(planned);
  send("SIGINT");
  await settled();
  expect(interrupt.signal.reason).toBe(wish);
  expect(calls).toEqual(["suspend", "resume 6"]);
});

test("Enter goes on, and the next Ctrl-C asks again", async () => {
  const { whatNow, interrupt, send, calls } = person(["", ""]);
  whatNow.watch(planned);
  for (const _time of [1, 2]) {
    send("SIGINT");
    await settled();
  }
  expect(interrupt.signal.aborted).toBe(false);
  expect(calls).toEqual(["suspend", "resume 5", "suspend", "resume 5"]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s while the question stands detaches", async (name) => {
  const { whatNow, interrupt, send, calls } = person([]);
  whatNow.watch(planned);
  send("SIGINT");
  await settled();
  send(name);
  expect(interrupt.signal.reason).toBe("detach");
  expect(calls).toEqual(["suspend", "resume 4"]);
});

test("where nothing can be taken back, Ctrl-C detaches without a question", () => {
  for (const events of [[], [planned, committed]]) {
    const { whatNow, interrupt, send, calls } = person(["r"]);
    events.forEach(whatNow.watch);
    send("SIGINT");
    expect([interrupt.signal.reason, calls]).toEqual(["detach", []]);
  }
});

test("the end of the deployment takes an open question away", async () => {
  const { whatNow, interrupt, send, calls } = person([]);
  whatNow.watch(planned);
  send("SIGINT");
  await settled();
  interrupt.close();
  expect([interrupt.signal.aborted, calls]).toEqual([false, ["suspend", "resume 4"]]);
});

test("an answer to roll back that comes after the commit is not followed", async () => {
  const { whatNow, interrupt, send } = person(["r"]);
  whatNow.watch(planned);
  send("SIGINT");
  whatNow.watch(committed);
  await settled();
  expect(interrupt.signal.aborted).toBe(false);
});
