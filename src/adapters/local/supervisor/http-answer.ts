import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, toAppError } from "../../../domain/errors.ts";
import type { Answer } from "./protocol.ts";

const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/** The request's JSON. Throws USAGE when it is none, or is too long. */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new AppError("USAGE", "the request is too long");
  }
  if (bytes === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new AppError("USAGE", "the request is no JSON");
  }
};

/** Runs `work` and answers with its progress and its end. The client's leaving changes nothing for `work`. */
export const answer = async (
  response: ServerResponse,
  work: (report: (text: string) => void) => Promise<unknown>,
): Promise<void> => {
  response.on("error", () => undefined);
  const line = (value: Answer): string => `${JSON.stringify(value)}\n`;
  const begin = (status: number): void => {
    if (!response.headersSent) response.writeHead(status, { "content-type": "application/x-ndjson" });
  };
  try {
    const ok = await work((progress) => {
      begin(200);
      // A client that does not read must not fill the memory: progress may be lost.
      if (!response.writableNeedDrain) response.write(line({ progress }));
    });
    begin(200);
    response.end(line({ ok: ok ?? null }));
  } catch (error) {
    const known = toAppError(error);
    begin(known.code === "USAGE" ? 400 : known.code === "BUG" ? 500 : 409);
    response.end(line({ error: known.toJSON() }));
  }
};
