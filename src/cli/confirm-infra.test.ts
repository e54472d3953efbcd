import { expect, test } from "vitest";
import type { Question } from "../app/infra/apply-plan.ts";
import { readPlan } from "../infra/read-plan.ts";
import { planOf, recorded } from "../infra/recorded-plan.test-rig.ts";
import { summarise } from "../infra/summary.ts";
import type { CommandContext } from "./command-context.ts";
import type { InfraOptions } from "./commands/infra.ts";
import { confirmWith } from "./confirm-infra.ts";
import { makeTerminal } from "./terminal.ts";

const questionOf = (plan: string, more: Partial<Question> = {}): Question => {
  const summary = summarise(readPlan(plan === "nothing" ? planOf() : recorded(plan)));
  return {
    folder: "infra/staging",
    origin: "saved",
    madeAt: "2030-01-01T00:00:00.000Z",
    summary,
    open: summary.dangers,
    policies: null,
    ...more,
  };
};

/** Answers line by line; null: nobody is there. */
const confirm = async (
  question: Question,
  answers: string[] | null,
  {
    verb = "apply" as "apply" | "destroy" | "bootstrap",
    ...options
  }: InfraOptions & { verb?: "apply" | "destroy" | "bootstrap" } = {},
) => {
  const prompts: string[] = [];
  let said = "";
  const stream = { write: (text: string) => ((said += text), true), on: () => stream } as never;
  const context = {
    terminal: makeTerminal({ stdout: stream, stderr: stream, env: { LANG: "C.UTF-8" }, columns: 80 }),
    question:
      answers === null
        ? null
        : (prompt: string) => {
            prompts.push(prompt);
            return Promise.resolve(answers.shift() ?? null);
          },
  } as unknown as CommandContext;
  const progress = {
    phase: () => undefined,
    event: () => undefined,
    expect: () => undefined,
    pause: () => undefined,
    close: () => undefined,
  };
  const interrupt = new AbortController().signal;
  const asked = confirmWith(context, progress, { verb, environment: "staging", options, interrupt });
  const code = await asked(question).then(
    () => "confirmed",
    (error: { code: string }) => error.code,
  );
  return { code, prompts, said };
};

test("a plan without a danger wants a yes, and nothing else counts as one", async () => {
  expect((await confirm(questionOf("sizes"), ["yes"])).code).toBe("confirmed");
  for (const answer of ["", "no", "yess", "staging"])
    expect((await confirm(questionOf("sizes"), [answer])).code).toBe("INFRA_UNCONFIRMED");
  expect((await confirm(questionOf("sizes"), [])).code).toBe("INFRA_UNCONFIRMED");
});

test("a rename that replaces the database wants the database's name, and shows it", async () => {
  const database = questionOf("rename").open.slice(0, 1);
  const question = questionOf("rename", { open: database });
  const { code, prompts, said } = await confirm(question, ["rideshare"]);
  expect([code, prompts]).toEqual(["confirmed", ["Type rideshare to go on: "]]);
  expect(said).toContain('db_name  "rideshare" → "rides"  forces it');
  for (const answer of ["yes", "y", "Rideshare", "module.database.aws_db_instance.this", ""])
    expect((await confirm(question, [answer])).code).toBe("INFRA_DANGER");
});

test("each danger's name is asked for, and one that is wrong stops before the rest", async () => {
  const question = questionOf("rename");
  const names = question.open.map(({ name }) => name);
  expect(await confirm(question, [...names])).toMatchObject({ code: "confirmed" });
  const { code, prompts } = await confirm(question, [names[0]!, "yes", names[2]!]);
  expect([code, prompts.length]).toEqual(["INFRA_DANGER", 2]);
});

test("--yes never covers a danger", async () => {
  expect((await confirm(questionOf("sizes"), [], { yes: true })).code).toBe("confirmed");
  expect((await confirm(questionOf("rename"), ["yes"], { yes: true })).code).toBe("INFRA_DANGER");
  expect((await confirm(questionOf("rename"), null, { yes: true })).code).toBe("INFRA_DANGER");
});

test("where nobody is there, a saved plan wants --yes, and one that nobody saw is not applied at all", async () => {
  expect((await confirm(questionOf("sizes"), null)).code).toBe("INFRA_UNCONFIRMED");
  expect((await confirm(questionOf("sizes"), null, { yes: true })).code).toBe("confirmed");
  expect((await confirm(questionOf("sizes", { origin: "missing" }), null, { yes: true })).code).toBe(
    "INFRA_PLAN_MISSING",
  );
  for (const origin of ["stale", "begun"] as const)
    expect((await confirm(questionOf("sizes", { origin }), null, { yes: true })).code).toBe(
      "INFRA_PLAN_STALE",
    );
});

test("--json asks nobody, even at a terminal", async () => {
  const { code, prompts, said } = await confirm(questionOf("sizes"), ["yes"], { json: true });
  expect([code, prompts, said]).toEqual(["INFRA_UNCONFIRMED", [], ""]);
});

test("destroy wants the environment's name once, whatever --yes says, and tells what is lost for good", async () => {
  const question = questionOf("destroy", { origin: "made" });
  const { code, prompts, said } = await confirm(question, ["staging"], { verb: "destroy", yes: true });
  expect([code, prompts]).toEqual(["confirmed", ["Type staging to destroy all of it: "]]);
  expect(said).toContain("Lost for good:");
  expect((await confirm(question, ["yes"], { verb: "destroy" })).code).toBe("INFRA_UNCONFIRMED");
});

test("destroy without a person wants every address that holds data, and no other", async () => {
  const question = questionOf("destroy", { origin: "made" });
  expect((await confirm(question, null, { verb: "destroy", yes: true })).code).toBe("INFRA_DANGER");
  const services = question.open.filter(({ kind }) => kind === "service");
  expect(services.length).toBeGreaterThan(0);
  const named = { ...question, open: services };
  expect((await confirm(named, null, { verb: "destroy", yes: true })).code).toBe("confirmed");
});

test("no line is wider than the terminal, and no secret is in any", async () => {
  for (const plan of ["create", "rename", "sizes", "destroy"])
    for (const verbose of [false, true]) {
      const { said } = await confirm(questionOf(plan), ["yes"], { verbose });
      for (const line of said.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(said).not.toMatch(/correct-horse-battery|another-secret/);
    }
});
