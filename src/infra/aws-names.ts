import type { AppDefinition } from "../domain/app-definition.ts";
import type { InfraProblem } from "./check-infra.ts";

export const nameProblems = (_app: AppDefinition, _environment: string): InfraProblem[] => [];
