import type { GatewayLimits } from "./limits.ts";
import { UpstreamConnection, type ConnectionOwner } from "./upstream-connection.ts";

/** Said by an instance as `Keep-Alive: timeout=5`: we leave this long before it does, so that no request meets its close. */
const IDLE_MARGIN_MS = 1_500;

/** Something that ends when told to: an upgraded connection. */
export interface Closable {
  close(): void;
}

/** One instance: its connections, what is under way on it, and whether it refused lately. Outlives the table that named it until it is idle. */
export class Upstream implements ConnectionOwner {
  readonly id: string;
  readonly port: number;
  inFlight = 0;
  /** Of these so many are event streams, which end when the instance is told to stop, not before. */
  streams = 0;
  /** Left out of choices until then, because it refused a connection. */
  refusedUntilMs = 0;
  readonly tunnels = new Set<Closable>();
  private readonly limits: GatewayLimits;
  private readonly nowMs: () => number;
  private readonly connections = new Set<UpstreamConnection>();
  private readonly idle: UpstreamConnection[] = [];
  private waiters: (() => void)[] = [];
  private drainWaiters: (() => void)[] = [];
  /** Not named by the table any more. */
  retired = false;

  constructor(instance: { id: string; port: number }, limits: GatewayLimits, nowMs: () => number) {
    this.id = instance.id;
    this.port = instance.port;
    this.limits = limits;
    this.nowMs = nowMs;
  }

  /** A connection that may be used now: the one that was used last, or a new one. */
  acquire(nowMs: number): UpstreamConnection {
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      if (connection.usable && nowMs - connection.sinceMs < this.idleLimitMs(connection)) return connection;
      connection.destroy();
    }
    return this.open(nowMs);
  }

  /** A connection that no other request will share. */
  open(nowMs: number): UpstreamConnection {
    const connection = new UpstreamConnection(this.port, this, nowMs);
    this.connections.add(connection);
    return connection;
  }

  onIdle(connection: UpstreamConnection): void {
    connection.sinceMs = this.nowMs();
    if (this.retired || this.idleLimitMs(connection) <= 0) connection.destroy();
    else this.idle.push(connection);
  }

  onClosed(connection: UpstreamConnection): void {
    this.connections.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at !== -1) this.idle.splice(at, 1);
  }

  /** A request or tunnel is over. */
  finished({ stream = false } = {}): void {
    this.inFlight--;
    if (stream) this.streams--;
    this.wakeDrained();
    if (this.inFlight > 0) return;
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** A request under way turned out to be an event stream. */
  streamBegan(): void {
    this.streams++;
    this.wakeDrained();
  }

  /** Calls back when nothing but event streams is under way, at once if that is so now. */
  whenDrained(wake: () => void): void {
    if (this.inFlight === this.streams) wake();
    else this.drainWaiters.push(wake);
  }

  private wakeDrained(): void {
    if (this.inFlight > this.streams || this.drainWaiters.length === 0) return;
    for (const wake of this.drainWaiters.splice(0)) wake();
  }

  /** Calls back when nothing is under way, at once if that is so now. */
  whenIdle(wake: () => void): void {
    if (this.inFlight === 0) wake();
    else this.waiters.push(wake);
  }

  /** In or out of the table. Out of it, connections close as they become idle. */
  setRetired(retired: boolean): void {
    this.retired = retired;
    if (retired) for (const connection of this.idle.splice(0)) connection.destroy();
  }

  closeTunnels(): void {
    for (const tunnel of this.tunnels) tunnel.close();
  }

  destroy(): void {
    this.closeTunnels();
    for (const connection of this.connections) connection.fail("broken");
  }

  /** Enforces the time limits; called some times a second. */
  sweep(nowMs: number): void {
    for (const connection of this.connections) {
      const ms = nowMs - connection.sinceMs;
      if (!connection.connected) {
        if (ms > this.limits.connectMs) connection.fail("refused");
      } else if (connection.awaiting) {
        if (ms > this.limits.headersMs) connection.fail("timeout");
      } else if (!connection.busy && ms >= this.idleLimitMs(connection)) connection.destroy();
    }
  }

  private idleLimitMs(connection: UpstreamConnection): number {
    const said = connection.idleMs;
    return said === null ? this.limits.idleMs : Math.min(this.limits.idleMs, said - IDLE_MARGIN_MS);
  }
}
