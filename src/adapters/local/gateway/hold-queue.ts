/** A request for which there is no instance now. */
export interface Held {
  /** True when it could go on, or is over. */
  tryAgain(): boolean;
  giveUp(): void;
}

const POLL_MS = 20;

/** Keeps requests for a short while until an instance is there: bounded in number and in time. */
export class HoldQueue {
  private readonly held = new Map<Held, number>();
  private readonly limits: { holdMs: number; holdMax: number };
  private readonly nowMs: () => number;
  private timer: NodeJS.Timeout | null = null;

  constructor(limits: { holdMs: number; holdMax: number }, nowMs: () => number) {
    this.limits = limits;
    this.nowMs = nowMs;
  }

  /** `sinceMs`: when the request first found nothing; a request held twice does not wait twice. */
  hold(request: Held, sinceMs: number): void {
    if (this.held.size >= this.limits.holdMax) return request.giveUp();
    this.held.set(request, sinceMs + this.limits.holdMs);
    this.timer ??= setInterval(() => this.wake(), POLL_MS);
  }

  drop(request: Held): void {
    this.held.delete(request);
  }

  /** Oldest first. Called when the table changes, and by itself while anything is held. */
  wake(): void {
    const nowMs = this.nowMs();
    for (const [request, deadlineMs] of [...this.held]) {
      if (!this.held.delete(request)) continue;
      if (request.tryAgain()) continue;
      if (nowMs >= deadlineMs) request.giveUp();
      else this.held.set(request, deadlineMs);
    }
    if (this.held.size === 0) this.stop();
  }

  close(): void {
    for (const request of [...this.held.keys()]) request.giveUp();
    this.held.clear();
    this.stop();
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
