import type { RevisionMeter } from "./revision-meter.ts";
import type { Upstream } from "./upstream.ts";

/** An instance with the meter of its revision. */
export interface Target {
  upstream: Upstream;
  meter: RevisionMeter;
}

export interface RoutedRevision {
  revision: string;
  weight: number;
  targets: Target[];
  /** State of the weighted choice; between choices it stays within the sum of the weights. */
  credit: number;
}

/**
 * Chooses where a request goes: a revision by smooth weighted round robin (as nginx does: of any 100 choices in a row with
 * weights 95 and 5, exactly 5 are of the second), then its instance with the fewest requests under way.
 */
export class RoutedService {
  readonly environment: string;
  readonly name: string;
  readonly revisions: RoutedRevision[];
  private turn = 0;

  constructor(environment: string, name: string, revisions: RoutedRevision[]) {
    this.environment = environment;
    this.name = name;
    this.revisions = revisions;
  }

  /**
   * Null: no instance may take it now. A revision whose instances are all gone is passed over: an answer by the other is better
   * than none. `avoid` is taken only when there is no other.
   */
  pick(nowMs: number, avoid: Upstream | null): Target | null {
    const only = this.revisions.length === 1 ? this.revisions[0] : undefined;
    const found =
      only === undefined
        ? this.pickWeighted(nowMs, avoid)
        : only.weight > 0
          ? this.leastBusy(only, nowMs, avoid)
          : null;
    return found === null && avoid !== null ? this.pick(nowMs, null) : found;
  }

  /** Goes on where the earlier table's choice stood, if the weights are the same: else 5 % would begin anew at each change. */
  continueFrom(earlier: RoutedService): void {
    const same =
      earlier.revisions.length === this.revisions.length &&
      this.revisions.every((own, index) => {
        const other = earlier.revisions[index];
        return other?.revision === own.revision && other.weight === own.weight;
      });
    if (same)
      for (const [index, own] of this.revisions.entries()) own.credit = earlier.revisions[index]?.credit ?? 0;
  }

  private pickWeighted(nowMs: number, avoid: Upstream | null): Target | null {
    let best: RoutedRevision | null = null;
    let bestTarget: Target | null = null;
    let total = 0;
    for (const revision of this.revisions) {
      if (revision.weight <= 0) continue;
      const target = this.leastBusy(revision, nowMs, avoid);
      if (target === null) continue;
      revision.credit += revision.weight;
      total += revision.weight;
      if (best === null || revision.credit > best.credit) {
        best = revision;
        bestTarget = target;
      }
    }
    if (best !== null) best.credit -= total;
    return bestTarget;
  }

  private leastBusy(revision: RoutedRevision, nowMs: number, avoid: Upstream | null): Target | null {
    const { targets } = revision;
    const count = targets.length;
    // Begins at another instance each time, so that equally busy ones take turns.
    const start = count > 1 ? this.turn++ % count : 0;
    let best: Target | null = null;
    for (let offset = 0; offset < count; offset++) {
      const target = targets[start + offset < count ? start + offset : start + offset - count];
      if (target === undefined) continue;
      const { upstream } = target;
      if (upstream === avoid || upstream.refusedUntilMs > nowMs) continue;
      if (best === null || upstream.inFlight < best.upstream.inFlight) best = target;
    }
    return best;
  }
}
