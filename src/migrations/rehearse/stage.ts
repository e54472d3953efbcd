import type { ThrowawayServer } from "../throwaway/types.ts";
import { makeDatabases, type Databases } from "./databases.ts";
import { makeTool, type Tool } from "./tool.ts";
import type { RehearsalDeps, RehearsalRequest } from "./types.ts";

/** Where a rehearsal takes place. */
export interface Stage {
  request: RehearsalRequest;
  deps: RehearsalDeps;
  server: ThrowawayServer;
  databases: Databases;
  /** Of the new release. */
  tool: Tool;
  /** Of the earlier one. */
  earlierTool: Tool | null;
  /** Of all migrations of the two releases. */
  names: string[];
}

/** Null: the new release has no migrations. */
export const makeStage = (
  server: ThrowawayServer,
  request: RehearsalRequest,
  deps: RehearsalDeps,
  databases = makeDatabases(server),
): Stage | null => {
  const { from, to, environment } = request;
  const options = { host: deps.host, signal: deps.signal, environment: environment.name };
  const tool = makeTool(to, { ...options, settings: environment.env.to });
  if (tool === null) return null;
  const earlierTool = from === null ? null : makeTool(from, { ...options, settings: environment.env.from });
  const names = [...new Set([from, to].flatMap((one) => one?.migrations?.names ?? []))];
  return { request, deps, server, databases, tool, earlierTool, names };
};

type Task<Result> = (stage: Stage) => Promise<Result>;

/** Both at once. When one fails the other is told to stop, and has stopped when this rejects with the first error. */
export const sideBySide = async <A, B>(stage: Stage, one: Task<A>, other: Task<B>): Promise<[A, B]> => {
  const { server, request, deps, databases } = stage;
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const own = makeStage(server, request, { ...deps, signal }, databases) ?? stage;
  const failed: unknown[] = [];
  const run = async <Result>(task: Task<Result>): Promise<Result | undefined> => {
    try {
      return await task(own);
    } catch (error) {
      failed.push(error);
      stop.abort();
      return undefined;
    }
  };
  const [a, b] = await Promise.all([run(one), run(other)]);
  if (failed.length > 0) throw failed[0];
  return [a as A, b as B];
};
