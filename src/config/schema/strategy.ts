import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import * as is from "./leaves.ts";
import { optional, part, required, settings } from "./setting.ts";

const bake = is.duration({ min: 0, max: "1d" });

const rolling = part(
  { anchor: "rolling", title: "Strategy: rolling", intro: '`"rolling"`, or an object with these settings.' },
  {
    type: required(z.literal("rolling"), "Instances are replaced a few at a time."),
    batch: optional(is.whole({ min: 1, max: 1000 }), "How many instances are replaced at a time.", {
      fallback: DEFAULTS.rolling.batch,
    }),
  },
);

const blueGreen = part(
  {
    anchor: "blue-green",
    title: "Strategy: blue-green",
    intro: '`"blue-green"`; it has no further settings.',
  },
  {
    type: required(
      z.literal("blue-green"),
      "The candidate starts in full beside the stable release and takes all traffic at once.",
    ),
  },
);

const canary = part(
  { anchor: "canary", title: "Strategy: canary", intro: '`"canary"`, or an object with these settings.' },
  {
    type: required(
      z.literal("canary"),
      "The candidate takes the given shares of the traffic in turn, then all of it.",
    ),
    percents: optional(
      z.array(is.whole({ min: 1, max: 99 })).min(1),
      "Shares of the traffic in percent, ascending.",
      {
        fallback: DEFAULTS.canary.percents,
      },
    ),
    bake: optional(bake, "How long each share is watched.", { fallback: DEFAULTS.canary.bake }),
  },
);

const linear = part(
  { anchor: "linear", title: "Strategy: linear", intro: '`"linear"`, or an object with these settings.' },
  {
    type: required(z.literal("linear"), "The candidate takes the traffic in equal steps."),
    stepPercent: optional(is.whole({ min: 1, max: 99 }), "What each step adds, in percent.", {
      fallback: DEFAULTS.linear.stepPercent,
    }),
    bake: optional(bake, "How long each step is watched.", { fallback: DEFAULTS.linear.bake }),
  },
);

const objects = z.discriminatedUnion("type", [rolling, blueGreen, canary, linear]);

/** A name alone, or an object that is told apart by its `type`. */
export const strategy = z.union([z.enum(["rolling", "blue-green", "canary", "linear"]), objects]);

const about = {
  anchor: "strategy",
  title: "Strategy",
  intro:
    'How traffic goes from the stable release to the candidate: `"rolling"`, `"blue-green"`, `"canary"`, `"linear"`, or an object with `type` and the settings of that strategy.',
};
settings.add(objects, { expects: "an object with a type", part: about });
settings.add(strategy, { part: about });
