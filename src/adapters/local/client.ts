import { randomUUID } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import { AppError } from "../../domain/errors.ts";
import type { Answer } from "./supervisor/protocol.ts";

export interface Call {
  method?: "GET" | "POST";
  path: string;
  body?: unknown;
  signal?: AbortSignal;
  onProgress?: ((text: string) => void) | undefined;
}

/** One request to the supervisor. Throws what it answers; SUPERVISOR_DOWN when it is not there or goes away. */
export const callSupervisor = async (socketPath: string, call: Call): Promise<unknown> => {
  const { method = "POST", path, body, signal } = call;
  try {
    const response = await send(socketPath, {
      method,
      path,
      body: body === undefined ? "" : JSON.stringify(body),
      signal,
    });
    return await readAnswer(response, call.onProgress);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal?.aborted) throw signal.reason;
    throw new AppError(
      "SUPERVISOR_DOWN",
      `The local supervisor does not answer (${(error as Error).message}).`,
      {
        hint: "start it with: switchback up",
        cause: error,
      },
    );
  }
};

const send = (
  socketPath: string,
  {
    method,
    path,
    body,
    signal,
  }: { method: string; path: string; body: string; signal: AbortSignal | undefined },
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, method, path, agent: false, ...(signal === undefined ? {} : { signal }) },
      resolve,
    );
    asked.on("error", reject);
    asked.end(body);
  });

const readAnswer = async (
  response: IncomingMessage,
  onProgress?: (text: string) => void,
): Promise<unknown> => {
  let rest = "";
  response.setEncoding("utf8");
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const answer = JSON.parse(line) as Answer;
      if ("progress" in answer) onProgress?.(answer.progress);
      else if ("error" in answer) throw AppError.fromJSON(answer.error);
      else return answer.ok;
    }
  }
  throw new Error("it went away in the middle of its answer");
};

/** An id by which an effect can be cancelled. */
export const effectId = (): string => randomUUID();
