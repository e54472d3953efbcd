import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { BoundedCache } from "./bounded-cache.ts";

export type Encoding = "br" | "gzip";

const MIN_BYTES = 1_024;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WAITING = 256;
/** Compressing takes a thread of the pool that also reads files. */
const AT_ONCE = 1;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

const compress = (encoding: Encoding, bytes: Buffer): Promise<Buffer> =>
  encoding === "br"
    ? brotli(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      })
    : gzipped(bytes, { level: 6 });

/** Compressed forms by content, made once in the background: until one is ready, and for what does not shrink, there is none. */
export class SiteCompression {
  private readonly ready: BoundedCache;
  private readonly pointless = new Set<string>();
  private readonly waiting = new Map<string, { encoding: Encoding; read: () => Promise<Buffer> }>();
  private running = 0;
  private closed = false;

  constructor(maxBytes: number) {
    this.ready = new BoundedCache(maxBytes);
  }

  /** The compressed form, or null and it is made meanwhile by reading the content with `read`. */
  get(
    file: { sha256: string; bytes: number },
    encoding: Encoding,
    read: () => Promise<Buffer>,
  ): Buffer | null {
    if (file.bytes < MIN_BYTES || file.bytes > MAX_BYTES) return null;
    const key = `${file.sha256}:${encoding}`;
    const found = this.ready.get(key);
    if (found !== undefined) return found;
    if (this.pointless.has(key) || this.waiting.has(key) || this.waiting.size >= MAX_WAITING) return null;
    this.waiting.set(key, { encoding, read });
    this.next();
    return null;
  }

  close(): void {
    this.closed = true;
    this.waiting.clear();
  }

  private next(): void {
    if (this.running >= AT_ONCE || this.closed) return;
    const first = this.waiting.entries().next().value;
    if (first === undefined) return;
    const [key, { encoding, read }] = first;
    this.running++;
    // A file that cannot be read is answered, and reported, by the request that asks for it.
    void this.make(key, encoding, read)
      .catch(() => {})
      .finally(() => {
        this.running--;
        this.waiting.delete(key);
        this.next();
      });
  }

  private async make(key: string, encoding: Encoding, read: () => Promise<Buffer>): Promise<void> {
    const plain = await read();
    const small = await compress(encoding, plain);
    if (small.length < plain.length * 0.95) this.ready.set(key, small);
    else if (this.pointless.size < 10_000) this.pointless.add(key);
  }
}

/** What the client takes, the better one first (RFC 9110, 12.5.3; a weight of 0 means no). */
export const acceptedEncodings = (header: string | undefined): Encoding[] => {
  if (header === undefined) return [];
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((text) => text.startsWith("q="));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  const any = weights.get("*") ?? 0;
  const weightOf = (encoding: Encoding): number => weights.get(encoding) ?? any;
  return (["br", "gzip"] as const)
    .filter((encoding) => weightOf(encoding) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
};
