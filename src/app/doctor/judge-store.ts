import { notice, whole, wrong, type Finding } from "../../domain/finding.ts";
import type { StoreAccess, Temporary } from "../../ports/inspector.ts";

/** Below this a deployment may fail for want of space: a database alone takes some 60 MB. */
const LITTLE_BYTES = 200_000_000;
/** A writer that lives holds one for milliseconds. */
const STALE_MS = 10_000;
const STALE_UNKNOWN_MS = 3_600_000;

export const judgeStore = ({ folder, refused, freeBytes }: StoreAccess): Finding => {
  if (refused !== null)
    return wrong({
      check: "store",
      subject: null,
      what: `${folder} cannot be used: ${refused.what}`,
      means: "nothing can be deployed or taken back; what serves goes on serving",
      todo: refused.hint,
    });
  const free = freeBytes === null ? "" : `, ${Math.round(freeBytes / 1e6).toLocaleString("en")} MB free`;
  return freeBytes !== null && freeBytes < LITTLE_BYTES
    ? notice({
        check: "store",
        subject: null,
        what: `can be read and written${free}`,
        means: "a deployment may run out of space half-way; it is taken back then",
        todo: "free some space",
      })
    : whole("store", null, `can be read and written${free}`);
};

/** Whose writer is gone: nothing will ever name them. What may belong to a living writer is left alone. */
export const judgeTemporaries = (temporaries: Temporary[]): Finding[] => {
  const stale = temporaries.filter(
    ({ writer, ageMs }) =>
      (writer === "dead" && ageMs > STALE_MS) || (writer !== "alive" && ageMs > STALE_UNKNOWN_MS),
  );
  return stale.length === 0
    ? [whole("temporary files", null, "none is left over")]
    : [
        notice({
          check: "temporary files",
          subject: null,
          what: `${stale.length} left over by writers that were killed`,
          means: "they take space and nothing else",
          repair: { type: "remove", paths: stale.map(({ path }) => path) },
        }),
      ];
};
