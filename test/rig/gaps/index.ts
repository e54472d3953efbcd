import type { MakeGap } from "../gap.ts";
import { makeElasticache } from "./elasticache.ts";

/** One file a service. */
export const GAPS: MakeGap[] = [makeElasticache];
