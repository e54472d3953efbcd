import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { errorAnswer, Refused } from "./answers.ts";
import type { Answer, Call, Moto } from "./call.ts";
import type { LoggedCall, OpenCall } from "./call-log.ts";
import { throttling, type Fate } from "./faults.ts";
import type { Gap } from "./gap.ts";
import { recognise, type Received } from "./recognise.ts";

export interface ProxyDeps {
  moto: Moto;
  gaps: Gap[];
  decide(call: Call): Fate | null;
  open(call: Call): OpenCall;
  /** Requests below `/_rig/`; null: not one of them. */
  control(received: Received): Promise<Answer | null>;
  port: number;
}

const received = async (incoming: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return { method: incoming.method ?? "GET", url: incoming.url ?? "/", headers, body: Buffer.concat(chunks) };
};

const send = (outgoing: ServerResponse, { status, headers, body }: Answer, method: string) => {
  // The length of what a HEAD tells of is moto's to say.
  const length =
    method === "HEAD" || status === 204 || status === 304 ? {} : { "content-length": body.length };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(body);
};

/** Carries a call out: by the first gap that has this action, otherwise by moto. */
const carryOut = async (call: Call, { gaps, moto }: ProxyDeps, entry: LoggedCall): Promise<Answer> => {
  const handle = gaps.filter((gap) => gap.service === call.service).find((gap) => call.action in gap.actions)
    ?.actions[call.action];
  if (handle === undefined) return moto(call);
  entry.by = "gap";
  try {
    return await handle(call, moto);
  } catch (error) {
    if (error instanceof Refused) return errorAnswer(call, error.error);
    const message = `the rig's gap failed: ${error instanceof Error ? error.stack : String(error)}`;
    return errorAnswer(call, { status: 400, code: "RigBug", message });
  }
};

/** HTTP on a loopback port, in front of moto. */
export const startProxy = async (deps: ProxyDeps) => {
  const hanging = new Set<Socket>();
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const got = await received(incoming);
    const control = await deps.control(got);
    if (control !== null) return send(outgoing, control, got.method);
    const call = recognise(got);
    const { entry, end } = deps.open(call);
    outgoing.once("close", () => end(null));
    const answer = (one: Answer) => {
      end(one.status);
      send(outgoing, one, call.method);
    };
    const fate = deps.decide(call);
    if (fate === null) return answer(await carryOut(call, deps, entry));
    entry.fault = fate.type;
    entry.by = "fault";
    switch (fate.type) {
      case "error":
        return answer(errorAnswer(call, fate));
      case "throttle":
        return answer(errorAnswer(call, throttling(call)));
      case "slow":
        await wait(fate.ms);
        return answer(await carryOut(call, deps, entry));
      case "hang":
        hanging.add(incoming.socket);
        incoming.socket.once("close", () => hanging.delete(incoming.socket));
        return;
      case "drop-before":
        return void incoming.socket.destroy();
      case "drop-after":
        await carryOut(call, deps, entry);
        return void incoming.socket.destroy();
    }
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deps.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What hangs is cut off. */
    drop: () => {
      for (const socket of hanging) socket.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
