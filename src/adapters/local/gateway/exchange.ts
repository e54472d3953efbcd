import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../ports/clock.ts";
import type { ClientConnection, ClientWork } from "./client-connection.ts";
import { answerError } from "./error-answer.ts";
import type { Held, HoldQueue } from "./hold-queue.ts";
import type { GatewayLimits } from "./limits.ts";
import { headerList, type ResponseHead } from "./response-head.ts";
import type { RoutedService, Target } from "./routed-service.ts";
import { Tunnel } from "./tunnel.ts";
import type { AttemptFailure, ResponseHandler, UpstreamConnection } from "./upstream-connection.ts";
import type { Upstream } from "./upstream.ts";
import { Upload } from "./upload.ts";
import { answerWhole } from "./whole-answer.ts";

export interface ExchangeContext {
  clock: Clock;
  limits: GatewayLimits;
  holdQueue: HoldQueue;
  /** The service in the table of this moment, for a request that has to choose again. */
  serviceNow(exchange: Exchange): RoutedService | null;
}

export interface ExchangeOrder {
  request: IncomingMessage;
  response: ServerResponse;
  client: ClientConnection;
  service: RoutedService;
  /** The head for the instance. */
  head: string;
  path: string;
  upload: boolean;
  upgrade: boolean;
  expectsContinue: boolean;
}

const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * One request on its way through the gateway. It is repeated only when that cannot do anything twice: when no connection came
 * about, or, for GET, HEAD and OPTIONS without a body, when the instance sent not a byte.
 */
export class Exchange implements ResponseHandler, ClientWork, Held {
  readonly order: ExchangeOrder;
  private readonly context: ExchangeContext;
  private readonly startedMs: number;
  private service: RoutedService;
  private target: Target | null = null;
  private connection: UpstreamConnection | null = null;
  private pendingHead: ResponseHead | null = null;
  private answered = false;
  private over = false;
  private streaming = false;
  private retries = 0;
  private stuckSinceMs = 0;
  private waitsForClient = false;
  private avoid: Upstream | null = null;
  private upload: Upload | null = null;
  private tunnel: Tunnel | null = null;

  constructor(context: ExchangeContext, order: ExchangeOrder) {
    this.context = context;
    this.order = order;
    this.service = order.service;
    this.startedMs = context.clock.monotonicMs();
    order.client.begin(this);
  }

  start(): void {
    if (!this.attempt(this.startedMs)) this.hold(this.startedMs);
  }

  tryAgain(): boolean {
    if (this.over) return true;
    const service = this.context.serviceNow(this);
    if (service === null) {
      this.giveUp();
      return true;
    }
    this.service = service;
    return this.attempt(this.context.clock.monotonicMs());
  }

  giveUp(): void {
    this.finish();
    answerError(this.order.response, "NO_INSTANCE", `no instance of ${this.service.name} can answer now`);
  }

  clientGone(): void {
    if (this.over) return;
    this.context.holdQueue.drop(this);
    this.connection?.destroy();
    this.finish();
  }

  onConnected(): void {
    const { order, connection } = this;
    if (!order.upload || connection === null) return;
    if (order.expectsContinue) order.response.writeContinue();
    this.upload = new Upload(order.request, connection, () => this.context.clock.monotonicMs());
  }

  onHead(head: ResponseHead): void {
    const nowMs = this.context.clock.monotonicMs();
    this.answered = true;
    this.pendingHead = head;
    this.target?.meter.answered(nowMs, nowMs - this.startedMs, head.status >= 500);
  }

  onHeadAlone(): void {
    this.sendHead();
    this.order.response.flushHeaders();
  }

  onData(view: Buffer, last: boolean): boolean {
    const { response } = this.order;
    if (last && this.pendingHead !== null) {
      this.sendWhole(this.pendingHead, view);
      return true;
    }
    this.sendHead();
    if (response.write(Buffer.from(view)) && !this.waitsForClient) return true;
    if (this.waitsForClient) return false;
    this.waitsForClient = true;
    const { connection } = this;
    response.once("drain", () => {
      this.waitsForClient = false;
      connection?.resume();
    });
    return false;
  }

  onEnd(): void {
    const { response } = this.order;
    this.sendHead();
    if (!response.writableEnded) response.end();
    this.finish();
  }

  onUpgrade(head: ResponseHead, rest: Buffer): void {
    const { connection, target, order } = this;
    const { socket } = order.request;
    if (!order.upgrade || connection === null || target === null)
      throw new Error("an upgrade that nobody asked for");
    const nowMs = this.context.clock.monotonicMs();
    this.answered = true;
    target.meter.answered(nowMs, nowMs - this.startedMs, false);
    order.response.detachSocket(socket);
    socket.write(upgradeAnswer(head, order.request.headers.upgrade ?? ""), "latin1");
    if (rest.length > 0) socket.write(rest);
    const tunnel = new Tunnel(socket, connection, () => {
      target.upstream.tunnels.delete(tunnel);
      this.finish();
    });
    this.tunnel = tunnel;
    target.upstream.tunnels.add(tunnel);
  }

  onTunnelData(view: Buffer): boolean {
    return this.tunnel?.fromUpstream(view) ?? true;
  }

  onFailed(failure: AttemptFailure): void {
    if (this.over) return;
    if (this.tunnel !== null) return this.tunnel.close();
    const nowMs = this.context.clock.monotonicMs();
    const { target } = this;
    this.releaseTarget();
    if (target !== null) this.account(target, failure, nowMs);
    // A head that came and was not passed on is as good as none: the client has got no byte.
    if (this.answered && this.pendingHead === null) return this.breakOff();
    const unanswered = failure === "no-answer" || this.answered;
    this.answered = false;
    this.pendingHead = null;
    if (failure === "refused") return this.afterRefusal(nowMs);
    if (unanswered && this.repeatable() && this.retries < this.context.limits.retries) {
      this.retries++;
      this.avoid = target?.upstream ?? null;
      this.again(nowMs);
      return;
    }
    this.finish();
    if (failure === "timeout")
      answerError(this.order.response, "UPSTREAM_TIMEOUT", `${this.service.name} sent no answer in time`);
    else answerError(this.order.response, "UPSTREAM_FAILED", `${this.service.name} gave no complete answer`);
  }

  private attempt(nowMs: number): boolean {
    const target = this.service.pick(nowMs, this.avoid);
    if (target === null) return false;
    const { order } = this;
    target.upstream.inFlight++;
    this.target = target;
    const connection = order.upgrade ? target.upstream.open(nowMs) : target.upstream.acquire(nowMs);
    this.connection = connection;
    connection.send(
      { head: order.head, method: order.request.method ?? "GET", upload: order.upload, nowMs },
      this,
    );
    return true;
  }

  private again(nowMs: number): void {
    // By the table of now: what the request began with may have been stopped since.
    const service = this.context.serviceNow(this);
    if (service === null) return this.giveUp();
    this.service = service;
    if (!this.attempt(nowMs)) this.hold(nowMs);
  }

  private hold(nowMs: number): void {
    if (this.stuckSinceMs === 0) this.stuckSinceMs = nowMs;
    this.context.holdQueue.hold(this, this.stuckSinceMs);
  }

  /** Not a byte was sent, so that every request may be tried elsewhere, for as long as it may be held. */
  private afterRefusal(nowMs: number): void {
    if (this.stuckSinceMs === 0) this.stuckSinceMs = nowMs;
    if (nowMs - this.stuckSinceMs >= this.context.limits.holdMs) this.giveUp();
    else this.again(nowMs);
  }

  private account(target: Target, failure: AttemptFailure, nowMs: number): void {
    if (failure === "refused") target.upstream.refusedUntilMs = nowMs + this.context.limits.refusedMs;
    else if (this.answered) target.meter.brokeOff(nowMs);
    else target.meter.unanswered(nowMs);
  }

  private repeatable(): boolean {
    return !this.order.upload && !this.order.upgrade && REPEATABLE.has(this.order.request.method ?? "");
  }

  /** Part of the answer is with the client: only a closed connection can tell that the rest is missing. */
  private breakOff(): void {
    const { response } = this.order;
    this.finish();
    if (response.headersSent) response.destroy();
    else answerError(response, "UPSTREAM_FAILED", `${this.service.name} gave no complete answer`);
  }

  private sendWhole(head: ResponseHead, body: Buffer): void {
    this.pendingHead = null;
    const { response } = this.order;
    // As text that maps byte to byte, head and body leave in one write.
    const text = body.toString("latin1");
    if (answerWhole(response, head, text, this.context.limits.keepAliveMs)) return;
    response.writeHead(head.status, head.reason, headerList(head.lines));
    response.end(text, "latin1");
  }

  private sendHead(): void {
    const head = this.pendingHead;
    if (head === null) return;
    this.pendingHead = null;
    if (EVENT_STREAM.test(head.lines)) {
      this.streaming = true;
      this.target?.upstream.streamBegan();
    }
    this.order.response.writeHead(head.status, head.reason, headerList(head.lines));
  }

  private releaseTarget(): void {
    this.upload?.stop();
    this.upload = null;
    this.connection = null;
    this.target?.upstream.finished({ stream: this.streaming });
    this.streaming = false;
    this.target = null;
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.releaseTarget();
    this.order.client.end(this);
  }
}

const EVENT_STREAM = /^content-type:[ \t]*text\/event-stream/im;

const upgradeAnswer = (head: ResponseHead, protocol: string): string =>
  `HTTP/1.1 101 ${head.reason}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${head.lines}\r\n`;
