import { sha256 } from "./digest.ts";

const SEAL = /^,"check":"([0-9a-f]{64})"\}$/;
const SEAL_LENGTH = `,"check":""}`.length + 64;

/** JSON of an object with members that knows its own bytes: its last member, `check`, is the sha256 of the text without it. */
export const seal = (value: object): Uint8Array => {
  const text = JSON.stringify(value);
  return new TextEncoder().encode(`${text.slice(0, -1)},"check":"${sha256(text)}"}`);
};

export type Unsealed =
  | { type: "whole"; value: Record<string, unknown> }
  /** Not JSON, no object, or not the bytes that were sealed. `claims` is what it says, for what may be from a newer version. */
  | { type: "damaged"; claims: Record<string, unknown> | null };

/**
 * The object, its bytes checked: one that was cut, emptied or changed in a single bit is "damaged". What carries no check
 * is taken as it is. Never throws.
 */
export const unseal = (bytes: Uint8Array): Unsealed => {
  const text = decode(bytes);
  const value = text === null ? null : parseObject(text);
  if (text === null || value === null) return { type: "damaged", claims: null };
  if (!("check" in value)) return { type: "whole", value };
  const open = text.slice(0, -SEAL_LENGTH);
  const found = SEAL.exec(text.slice(-SEAL_LENGTH));
  if (found === null || found[1] !== sha256(`${open}}`)) return { type: "damaged", claims: value };
  const { check: _check, ...rest } = value;
  return { type: "whole", value: rest };
};

const decode = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

const parseObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};
