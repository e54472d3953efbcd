import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../../ports/clock.ts";
import { AppError } from "../../../domain/errors.ts";
import { clientOf } from "./client-connection.ts";
import { answerError, answerText } from "./error-answer.ts";
import { Exchange, type ExchangeContext, type ExchangeOrder } from "./exchange.ts";
import { HoldQueue } from "./hold-queue.ts";
import { DEFAULT_LIMITS, type GatewayLimits } from "./limits.ts";
import { makeMeters } from "./meters.ts";
import { hasBody, requestHead, RequestRefused, targetPath } from "./request-head.ts";
import { RoutingTable, type Destination } from "./routing-table.ts";
import { makeSiteAnswers } from "./site-answer.ts";
import type { Gateway, GatewayHost } from "./types.ts";
import { makeUpstreams } from "./upstreams.ts";

export interface GatewayDeps {
  clock: Clock;
  limits?: Partial<GatewayLimits>;
}

const SWEEP_MS = 250;

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  upgrade: boolean;
  expectsContinue: boolean;
}

/** The front door of the local platform: one HTTP server for all environments, whose table can change under load without a request failing. */
export const makeGateway = ({ clock, limits: given }: GatewayDeps): Gateway => {
  const limits: GatewayLimits = { ...DEFAULT_LIMITS, ...given };
  const nowMs = (): number => clock.monotonicMs();
  const meters = makeMeters(nowMs);
  const upstreams = makeUpstreams(limits, nowMs);
  const holdQueue = new HoldQueue(limits, nowMs);
  const sites = makeSiteAnswers(limits);
  let table = new RoutingTable([], upstreams.targetFor(meters), null);
  const context: ExchangeContext = {
    clock,
    limits,
    holdQueue,
    serviceNow: ({ order }) => {
      const found = table.find(order.request.headers.host ?? "", withoutQuery(order.path));
      return found.kind === "service" ? found.service : null;
    },
  };
  const arrive = (arrival: Arrival): void => {
    const { request, response } = arrival;
    const path = targetPath(request.url ?? "/");
    if (path === null) return answerError(response, "BAD_REQUEST", "the request names no path");
    const found = table.find(request.headers.host ?? "", withoutQuery(path));
    answer(found, arrival, path);
  };
  const answer = (found: Destination, arrival: Arrival, path: string): void => {
    const { request, response } = arrival;
    switch (found.kind) {
      case "service": {
        const client = clientOf(request.socket);
        const head = headFor(arrival, path, client.address);
        if (head === null) return;
        const order: ExchangeOrder = {
          request,
          response,
          client,
          service: found.service,
          head,
          path,
          upload: hasBody(request),
          upgrade: arrival.upgrade,
          expectsContinue: arrival.expectsContinue,
        };
        new Exchange(context, order).start();
        return;
      }
      case "site":
        return sites.answer(found.site, { path: withoutQuery(path), base: found.base }, request, response);
      case "unknown-host":
        return answerText(response, 404, unknownHost(request, table.hostNames));
      case "no-route":
        return answerError(response, "NO_ROUTE", "nothing is served under this path");
    }
  };
  const server = makeServer(limits, arrive);
  const sweeper = setInterval(() => upstreams.sweep(), SWEEP_MS);
  sweeper.unref();
  return {
    listen: (options) => listen(server, options),
    configure: (hosts: GatewayHost[]) => {
      table = new RoutingTable(hosts, upstreams.targetFor(meters), table);
      upstreams.retireAllBut(hosts);
      meters.forgetOld();
      holdQueue.wake();
    },
    drain: (ids, { timeoutMs }) => upstreams.drain(ids, timeoutMs),
    metrics: (environment, service, revision, sinceMs) =>
      meters.read(environment, service, revision, sinceMs),
    totals: () => meters.totals(upstreams.inFlight),
    close: async () => {
      clearInterval(sweeper);
      holdQueue.close();
      sites.close();
      upstreams.destroy();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};

const withoutQuery = (path: string): string => {
  const at = path.indexOf("?");
  return at === -1 ? path : path.slice(0, at);
};

const headFor = (
  { request, response, upgrade }: Arrival,
  path: string,
  clientAddress: string,
): string | null => {
  try {
    if (upgrade && hasBody(request)) throw new RequestRefused("an upgrade with a body");
    const protocol = upgrade ? (request.headers.upgrade ?? "") : null;
    return requestHead(request, { path, clientAddress, upgrade: protocol });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    answerError(response, "BAD_REQUEST", error.message);
    return null;
  }
};

const unknownHost = (request: IncomingMessage, known: string[]): string =>
  `No environment is served as ${request.headers.host ?? "this host"}.\n` +
  (known.length === 0 ? "Nothing is deployed yet.\n" : `Served here: ${known.join(", ")}\n`);

const makeServer = (limits: GatewayLimits, arrive: (arrival: Arrival) => void): Server => {
  const server = createServer(
    // No limit on the whole request: large uploads may take their time. Slow heads are ended by headersTimeout.
    { keepAliveTimeout: limits.keepAliveMs, headersTimeout: 60_000, requestTimeout: 0, noDelay: true },
    (request, response) => arrive({ request, response, upgrade: false, expectsContinue: false }),
  );
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    arrive({ request, response, upgrade: false, expectsContinue: true }),
  );
  server.on("upgrade", (request: IncomingMessage, socket: Socket, early: Buffer) => {
    socket.on("error", () => {});
    if (early.length > 0) socket.unshift(early);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.destroySoon());
    arrive({ request, response, upgrade: true, expectsContinue: false });
  });
  return server;
};

const listen = (server: Server, options: { port: number; host?: string }): Promise<{ port: number }> =>
  new Promise((resolve, reject) => {
    const listening = (): void => {
      server.off("error", failed);
      const address = server.address();
      resolve({ port: typeof address === "object" && address !== null ? address.port : options.port });
    };
    // Both leave together: ports are tried one after the other on the same server.
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off("listening", listening);
      reject(listenError(error, options.port));
    };
    server.once("error", failed).once("listening", listening);
    server.listen(options.port, options.host ?? "127.0.0.1");
  });

const listenError = (error: NodeJS.ErrnoException, port: number): Error => {
  if (error.code === "EADDRINUSE")
    return new AppError("PORT_TAKEN", `port ${port} is in use by another program`, {
      hint: "end that program, or leave --port out: then a free one is found",
      context: { port },
      cause: error,
    });
  if (error.code === "EACCES")
    return new AppError("PORT_TAKEN", `port ${port} may not be opened by this user`, {
      hint: "take one above 1023, or leave --port out: then a free one is found",
      context: { port },
      cause: error,
    });
  return error;
};
