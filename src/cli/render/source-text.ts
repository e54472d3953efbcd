import type { Source } from "../../domain/release.ts";
import { clean } from "./text-width.ts";

const COMMIT_SHOWN = 7;

/** `main@8c1e2f0 "Show fare before booking"`; what git does not know is left out. */
export const sourceText = ({ branch, commit, subject, dirty }: Source): string => {
  const place = [branch, commit?.slice(0, COMMIT_SHOWN)]
    .filter((part) => part != null && part !== "")
    .join("@");
  const words = subject === null || subject === "" ? "" : `"${clean(subject)}"`;
  return [clean(place), dirty ? "+ local changes" : "", words].filter((part) => part !== "").join(" ");
};
