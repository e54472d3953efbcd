import type { PlannedResource } from "./planned-resource.ts";

/** Whether the provider knows tags for it: then there is `tags_all`, with a value or known later. */
export const hasOwnTags = ({ values, unknown }: PlannedResource): boolean =>
  Object.hasOwn(values, "tags_all") ||
  (typeof unknown === "object" && unknown !== null && Object.hasOwn(unknown, "tags_all"));
