/** Does If-None-Match name this entity tag (weak comparison, RFC 9110, 13.1.2)? */
export const isNotModified = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
};

export type RangeAnswer = { kind: "whole" } | { kind: "part"; start: number; end: number } | { kind: "none" };

const WHOLE: RangeAnswer = { kind: "whole" };

/**
 * What a Range header asks for of `bytes` bytes (RFC 9110, 14.2); `end` is inclusive. Several ranges and what is not understood are
 * answered with the whole, as the RFC allows; "none": 416. If-Range with another tag, or with a date, means the whole.
 */
export const rangeOf = (
  headers: { range?: string | undefined; "if-range"?: string | string[] | undefined },
  etag: string,
  bytes: number,
): RangeAnswer => {
  const { range } = headers;
  const ifRange = headers["if-range"];
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return WHOLE;
  const match = /^bytes=(\d*)-(\d*)$/i.exec(range.trim());
  if (match === null) return WHOLE;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return WHOLE;
  if (first === "") {
    const count = Math.min(Number(last), bytes);
    return count === 0 ? { kind: "none" } : { kind: "part", start: bytes - count, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < start) return WHOLE;
  return start >= bytes ? { kind: "none" } : { kind: "part", start, end };
};
