import { randomBytes } from "node:crypto";

/**
 * An ETag of S3 is a digest of the bytes, so bytes that come back would bring a stale tag back to life, and its holder
 * would overwrite what it never saw. Therefore what is *replaced* ends with a line of its own, different in every write;
 * the object's metadata say how long it is, and reading takes it off again. What is *created*, above all the entries of
 * the log, is stored as it is: its tag is never used twice, since a created object cannot be created again.
 */
export interface Framed {
  body: Uint8Array;
  metadata: Record<string, string>;
}

const METADATA = "switchback-frame";
const FRAME = /^\n\{"write":"[0-9a-f]{24}"\}\n$/;

export const frame = (bytes: Uint8Array): Framed => {
  const line = new TextEncoder().encode(`\n{"write":"${randomBytes(12).toString("hex")}"}\n`);
  const body = new Uint8Array(bytes.length + line.length);
  body.set(bytes);
  body.set(line, bytes.length);
  return { body, metadata: { [METADATA]: String(line.length) } };
};

/**
 * The bytes as they were given. An object that claims a frame and has none was damaged, and is returned as it is: what
 * is in it has a check of its own.
 */
export const unframe = (body: Uint8Array, metadata: Record<string, string> | undefined): Uint8Array => {
  const length = Number(metadata?.[METADATA] ?? 0);
  if (!Number.isSafeInteger(length) || length <= 0 || length > body.length) return body;
  const line = new TextDecoder().decode(body.subarray(body.length - length));
  return FRAME.test(line) ? body.subarray(0, body.length - length) : body;
};
