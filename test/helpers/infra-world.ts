import type { InfraContext, InfraSession } from "../../src/app/infra/context.ts";
import type { ApplyRequest, Question } from "../../src/app/infra/apply-plan.ts";
import type { AppDefinition } from "../../src/domain/app-definition.ts";
import { definitionOf } from "./infra-app.ts";
import type { OneOffTask, TaskEnd } from "../../src/domain/one-off-task.ts";
import type { AwsFacts, InfraFolder, LiveRule, SavedPlan } from "../../src/ports/infra.ts";
import { makeFakeClock } from "./fake-clock.ts";
import { CONTRACT } from "./infra-project.ts";
import { makeMemoryTerraform, type MemoryTerraform } from "./memory-terraform.ts";

export interface MemoryFolder extends InfraFolder {
  files: Map<string, string>;
  saved: SavedPlan | null;
}

const makeMemoryFolder = (name: string): MemoryFolder => {
  const files = new Map<string, string>();
  const folder: MemoryFolder = {
    path: `infra/${name}`,
    files,
    saved: null,
    add: async (added) => {
      const written = Object.keys(added).filter((file) => !files.has(file));
      for (const file of written) files.set(file, added[file]!);
      return written;
    },
    isThere: async () => [...files.keys()].some((file) => file.endsWith(".tf")),
    has: async (file) => files.has(file),
    remove: async (file) => void files.delete(file),
    write: async (file, text) => void files.set(file, text),
    digest: async () => JSON.stringify([...files].sort()),
    planFile: async (mode) => `${name}.${mode}`,
    savedPlan: async () => folder.saved,
    savePlan: async (plan) => void (folder.saved = plan),
    forgetPlan: async (mode) => void (mode === "look" || (folder.saved = null)),
  };
  return folder;
};

export const ENDED_WELL: TaskEnd = {
  task: "arn:aws:ecs:eu-north-1:123456789012:task/tiny-staging/1",
  found: false,
  exitCode: 0,
  stopCode: "EssentialContainerExited",
  reason: "Essential container in task exited",
  lines: [],
};

/** Use cases on folders and a Terraform in memory: what a person was asked is kept, and answered by `answer`. */
export const makeInfraWorld = (app: AppDefinition = tiny()) => {
  const folders = new Map<string, MemoryFolder>();
  const terraforms = new Map<string, MemoryTerraform>();
  const made = <T>(map: Map<string, T>, name: string, make: () => T): T => {
    const one = map.get(name) ?? make();
    map.set(name, one);
    return one;
  };
  const folder = (name: string) => made(folders, name, () => makeMemoryFolder(name));
  const terraform = (name: string) =>
    made(terraforms, name, () =>
      makeMemoryTerraform({ resources: { a: { input: "1" } }, outputs: { contract: CONTRACT } }),
    );
  const questions: Question[] = [];
  const facts = { rules: [] as LiveRule[], state: "nothing" as Awaited<ReturnType<AwsFacts["hasState"]>> };
  const phases: string[] = [];
  const clock = makeFakeClock();
  const parameters = new Map<string, string>();
  const ran: OneOffTask[] = [];
  const session: InfraSession = {
    interrupt: new AbortController().signal,
    onPhase: (text) => void phases.push(text),
  };
  const world = {
    questions,
    facts,
    phases,
    clock,
    parameters,
    /** The tasks that were run; `taskEnd` says how the next ends. */
    ran,
    taskEnd: (_task: OneOffTask): TaskEnd | Promise<TaskEnd> => ENDED_WELL,
    answer: (_question: Question): Promise<void> => Promise.resolve(),
    folder,
    terraform,
    context: {
      app,
      clock,
      folder,
      terraform,
      moduleSource: (_folder, module) => `../../modules/${module}`,
      facts: {
        rulesOf: async () => facts.rules,
        hasState: async () => facts.state,
        nameServersOf: async () => ({
          name: "staging.tiny.example",
          servers: ["ns-1.example", "ns-2.example"],
        }),
      },
      tasks: {
        run: async (task) => {
          ran.push(task);
          return world.taskEnd(task);
        },
      },
      parameters: {
        read: async (name) => parameters.get(name) ?? null,
        write: async (name, value) => void parameters.set(name, value),
      },
    } as InfraContext,
    session,
    request: (allowed: string[] = []): ApplyRequest => ({
      ...session,
      allowed,
      confirm: (question) => {
        questions.push(question);
        return world.answer(question);
      },
    }),
  };
  return world;
};

/** An app with one environment on AWS. */
export const tiny = (aws: Record<string, unknown> = {}, app: Record<string, unknown> = {}): AppDefinition =>
  definitionOf({
    name: "tiny",
    services: {
      api: { path: "api", command: "node server.js", route: "/api/*", health: { path: "/api/health" } },
    },
    environments: {
      development: {},
      staging: {
        platform: "aws",
        domain: "staging.tiny.example",
        aws: { region: "eu-north-1", account: "123456789012", protect: false, ...aws },
      },
    },
    ...app,
  } as never);
