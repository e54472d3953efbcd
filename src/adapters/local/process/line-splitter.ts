const CUT_MARK = " … (cut)";

/** Control characters other than tab and escape (colours): a log stays text, whatever a process prints. */
// eslint-disable-next-line no-control-regex
const NOISE = /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

/** Cuts a stream of bytes into lines. A line longer than the limit is cut there; what follows up to its end is dropped. */
export interface LineSplitter {
  push(chunk: Uint8Array): string[];
  /** The last line, when the stream ended without a line feed. */
  flush(): string[];
}

export const makeLineSplitter = (maxLineBytes: number): LineSplitter => {
  let parts: Buffer[] = [];
  let held = 0;
  let cut = false;

  const hold = (bytes: Buffer): void => {
    const room = maxLineBytes - held;
    if (bytes.length > room) cut = true;
    const kept = bytes.subarray(0, Math.max(0, room));
    if (kept.length > 0) parts.push(kept);
    held += kept.length;
  };
  const take = (): string => {
    const text = Buffer.concat(parts).toString("utf8");
    const line = text.replace(/\r$/, "").replace(NOISE, "\uFFFD") + (cut ? CUT_MARK : "");
    parts = [];
    held = 0;
    cut = false;
    return line;
  };

  return {
    push: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const lines: string[] = [];
      let from = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
        hold(bytes.subarray(from, end));
        lines.push(take());
        from = end + 1;
      }
      // Copied: the chunk's memory is a pool's and would be kept alive by a short rest.
      if (from < bytes.length) hold(Buffer.from(bytes.subarray(from)));
      return lines;
    },
    flush: () => (held > 0 || cut ? [take()] : []),
  };
};
