import type { RevisionMetrics } from "../../../domain/observed.ts";
import { BUCKETS, bucketOf, quantileMs } from "./latency-histogram.ts";

/** One hour of seconds. */
export const SLOTS = 3_600;

class Slot {
  second: number;
  requests = 0;
  errors = 0;
  readonly latencies = new Uint32Array(BUCKETS);

  constructor(second: number) {
    this.second = second;
  }

  reuse(second: number): void {
    this.second = second;
    this.requests = 0;
    this.errors = 0;
    this.latencies.fill(0);
  }
}

/**
 * Counts of one revision in slots of one second. Recording costs the same however much was recorded; memory is bounded
 * by one hour of slots (about 2 MB) and used only for seconds that had traffic. Times are monotonic milliseconds.
 */
export class RevisionMeter {
  requests = 0;
  errors = 0;
  lastSecond = 0;
  private readonly ring: (Slot | undefined)[] = [];
  private slot: Slot | null = null;

  /** One answered request, with the time to the end of its head. */
  answered(nowMs: number, latencyMs: number, failed: boolean): void {
    const slot = this.slotAt(nowMs);
    slot.requests++;
    this.requests++;
    const bucket = bucketOf(latencyMs);
    slot.latencies[bucket] = (slot.latencies[bucket] ?? 0) + 1;
    if (failed) this.fail(slot);
  }

  /** A request that was sent and got no answer. */
  unanswered(nowMs: number): void {
    const slot = this.slotAt(nowMs);
    slot.requests++;
    this.requests++;
    this.fail(slot);
  }

  /** A request counted as answered before, whose body broke off. */
  brokeOff(nowMs: number): void {
    this.fail(this.slotAt(nowMs));
  }

  /** Sums at least the last `sinceMs`; whole seconds, so up to one second more. */
  read(nowMs: number, sinceMs: number): RevisionMetrics {
    const newest = Math.floor(nowMs / 1_000);
    const oldest = Math.max(Math.floor((nowMs - sinceMs) / 1_000), newest - SLOTS + 1);
    const latencies = new Uint32Array(BUCKETS);
    let requests = 0;
    let errors = 0;
    for (const slot of this.ring) {
      if (slot === undefined || slot.second < oldest || slot.second > newest) continue;
      requests += slot.requests;
      errors += slot.errors;
      for (let index = 0; index < BUCKETS; index++)
        latencies[index] = (latencies[index] ?? 0) + (slot.latencies[index] ?? 0);
    }
    return {
      requests,
      errors,
      p50Ms: quantileMs(latencies, 0.5),
      p95Ms: quantileMs(latencies, 0.95),
      crashes: 0,
    };
  }

  private fail(slot: Slot): void {
    slot.errors++;
    this.errors++;
  }

  private slotAt(nowMs: number): Slot {
    const second = Math.floor(nowMs / 1_000);
    if (this.slot?.second === second) return this.slot;
    const index = second % SLOTS;
    let slot = this.ring[index];
    if (slot === undefined) {
      slot = new Slot(second);
      this.ring[index] = slot;
    } else if (slot.second !== second) slot.reuse(second);
    this.slot = slot;
    this.lastSecond = second;
    return slot;
  }
}
