import { hash } from "node:crypto";

/** Lower-case hex sha256, 64 characters. */
export type Digest = string;

export const sha256 = (bytes: Uint8Array | string): Digest => hash("sha256", bytes);

/** JSON with sorted keys and no spaces: equal values give equal text, so it can be hashed. `undefined` members are left out. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
};

export const digestOf = (value: unknown): Digest => sha256(canonicalJson(value));
