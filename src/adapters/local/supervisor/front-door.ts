import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isAppError } from "../../../domain/errors.ts";
import { writeDurably } from "../durable-file.ts";
import type { Gateway } from "../gateway/types.ts";

const FIRST_PORT = 8400;
const TRIED_PORTS = 20;

const lastPort = async (file: string): Promise<number[]> => {
  try {
    const { port } = JSON.parse(await readFile(file, "utf8")) as { port: unknown };
    return typeof port === "number" && port > 0 && port < 65_536 ? [port] : [];
  } catch {
    // A first start; a damaged file costs only the same address again.
    return [];
  }
};

/**
 * The gateway listens: on the port that was asked for (or throws PORT_TAKEN), else on the one it had last, else on the
 * first free one from 8400 on. The port is remembered for the next start; `moved` says that it is not the one of before.
 */
export const openFrontDoor = async (
  gateway: Pick<Gateway, "listen">,
  { stateDir, port }: { stateDir: string; port: number | null },
): Promise<{ port: number; moved: AppError | null }> => {
  const file = join(stateDir, "gateway.json");
  const last = await lastPort(file);
  for (const wanted of candidates(port, last)) {
    try {
      const listening = (await gateway.listen({ port: wanted })).port;
      await writeDurably(file, `${JSON.stringify({ port: listening })}\n`);
      return { port: listening, moved: port === null ? movedFrom(last[0], listening) : null };
    } catch (error) {
      if (!isAppError(error, "PORT_TAKEN") || port !== null) throw error;
    }
  }
  throw new Error("no port can be opened");
};

const movedFrom = (last: number | undefined, port: number): AppError | null =>
  last === undefined || last === port
    ? null
    : new AppError(
        "PORT_TAKEN",
        `port ${last} is in use by another program, so the address has port ${port}`,
        {
          hint: `end that program, then: switchback down && switchback up --port ${last}`,
          context: { last, port },
        },
      );

const candidates = (port: number | null, last: number[]): number[] => {
  if (port !== null) return [port];
  const some = Array.from({ length: TRIED_PORTS }, (_, n) => FIRST_PORT + n);
  return [...new Set([...last, ...some, 0])];
};
