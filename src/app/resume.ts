import { AppError } from "../domain/errors.ts";
import type { Receipt } from "../domain/receipt.ts";
import { runDeployment } from "../engine/run.ts";
import { openSession } from "../engine/session.ts";
import type { Report } from "../ports/reporter.ts";
import { actorOf, environmentOf, sessionDeps, type AppContext } from "./context.ts";

export interface ResumeRequest {
  environment: string;
  /** "resume" goes on where it is; "abort" compensates. */
  how: "resume" | "abort";
  wait: boolean;
  report: Report;
  signal: AbortSignal;
}

/**
 * Finishes the environment's open deployment, whoever started it: forward, or back. Fences the runner before first, so
 * that two never act at once. Throws NOTHING_TO_RESUME, DEPLOYMENT_COMMITTED (abort), ENVIRONMENT_BUSY.
 */
export const finishDeployment = async (context: AppContext, request: ResumeRequest): Promise<Receipt> => {
  const { environment, how, report, signal } = request;
  environmentOf(context, environment);
  const platform = await context.platform(environment, { start: true });
  try {
    const session = await openSession(sessionDeps(context, platform.callBudgetMs), {
      environment,
      purpose: how,
      wait: request.wait,
      signal,
      onWaiting: (text) => report({ type: "waiting", text }),
    });
    try {
      const { open } = session.state();
      if (open === null)
        throw new AppError("NOTHING_TO_RESUME", `No deployment of ${environment} is open.`, {
          hint: `switchback status ${environment}`,
        });
      if (how === "abort" && open.committed)
        throw new AppError(
          "DEPLOYMENT_COMMITTED",
          `${open.id} already counts; it can be finished and then rolled back.`,
          {
            hint: `switchback resume ${environment} && switchback rollback ${environment}`,
          },
        );
      // Raises the platform's own fence: what the runner before had under way has ended when this returns.
      await platform.observe({ signal, epoch: session.epoch });
      if (how === "abort" && open.direction === "forward")
        await session.append([{ type: "compensation-decided", cause: "aborted", actor: actorOf(context) }]);
      return await runDeployment({ ...context, platform, session, report, actor: actorOf(context) }, signal);
    } finally {
      await session.close();
    }
  } finally {
    await platform.close();
  }
};
