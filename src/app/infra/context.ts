import type { AppDefinition } from "../../domain/app-definition.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  AwsFacts,
  AwsParameters,
  AwsTasks,
  InfraFolder,
  Running,
  Terraform,
} from "../../ports/infra.ts";

/** What the use cases of the infrastructure need; made once, by the composition root. */
export interface InfraContext {
  app: AppDefinition;
  clock: Clock;
  /** A root folder of the project by its name in `infra/`. */
  folder(name: string): InfraFolder;
  terraform(name: string): Terraform;
  /** Where a module that comes with Switchback is: a path relative to the root folder. */
  moduleSource(folder: string, module: "app" | "bootstrap"): string;
  facts: AwsFacts;
  tasks: AwsTasks;
  parameters: AwsParameters;
}

/** What every use case takes besides its environment. */
export interface InfraSession extends Running {
  interrupt: AbortSignal;
  /** What is being done, for people: "initialising infra/staging". */
  onPhase(text: string): void;
}
