import type { PlannedStep } from "../../domain/plan.ts";
import type { ProgressEvent } from "../../ports/reporter.ts";
import type { Terminal } from "../terminal.ts";
import type { Progress, Ticker } from "./progress.ts";

/** A step says at most so often how far it is. */
const PROGRESS_MS = 100;

/** One JSON object a line on stderr for each event, with its time. Settings appear in none: only a plan's steps by name. */
export const makeProgressJson = (terminal: Terminal, ticker: Ticker): Progress => {
  const told = new Map<string, { text: string; atMs: number }>();
  const isNews = (event: ProgressEvent, nowMs: number): boolean => {
    if (event.type !== "step-progress") return true;
    const last = told.get(event.step.id);
    if (last !== undefined && (last.text === event.text || nowMs - last.atMs < PROGRESS_MS)) return false;
    told.set(event.step.id, { text: event.text, atMs: nowMs });
    return true;
  };
  return {
    report: (event) => {
      const nowMs = ticker.nowMs();
      if (!isNews(event, nowMs)) return;
      terminal.draw(`${JSON.stringify({ at: new Date(nowMs).toISOString(), ...publicEvent(event) })}\n`);
    },
    suspend: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  };
};

const publicStep = ({ id, phase, subject, title }: PlannedStep) => ({ id, phase, subject, title });

const publicEvent = (event: ProgressEvent): Record<string, unknown> => {
  if (event.type === "planned") {
    const { plan, wayBack, ...rest } = event;
    return {
      ...rest,
      environment: plan.environment,
      action: plan.action,
      release: plan.release,
      changes: plan.changes,
      steps: plan.steps.map(publicStep),
      wayBack: { release: wayBack.release, parts: wayBack.parts },
    };
  }
  return "step" in event ? { ...event, step: publicStep(event.step) } : { ...event };
};
