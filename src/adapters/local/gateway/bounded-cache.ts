/** Values up to a sum of bytes; what was used longest ago goes first. */
export class BoundedCache {
  private readonly maxBytes: number;
  private readonly values = new Map<string, Buffer>();
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get size(): number {
    return this.bytes;
  }

  get(key: string): Buffer | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  /** Keeps nothing that alone is larger than a quarter of all. */
  set(key: string, value: Buffer): void {
    if (value.length > this.maxBytes / 4 || this.values.has(key)) return;
    this.values.set(key, value);
    this.bytes += value.length;
    for (const [oldest, { length }] of this.values) {
      if (this.bytes <= this.maxBytes) return;
      this.values.delete(oldest);
      this.bytes -= length;
    }
  }
}
