import type { MakeGap } from "../gap.ts";

/** One file a service. */
export const GAPS: MakeGap[] = [];
