/** Messages that the relay makes itself. Strings are UTF-8 unless bytes are given. */
const frame = (type: string, ...parts: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const NUL = Buffer.from([0]);
const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const FLUSH = frame("H");
export const SYNC = frame("S");

export const TERMINATE = frame("X");

export const ready = (status: string): Buffer => frame("Z", status);

export const query = (text: string | Buffer): Buffer => frame("Q", text, NUL);

export const parse = (name: string, text: string | Buffer): Buffer =>
  frame("P", name, NUL, text, NUL, int16(0));

/** Parameters and results as text. */
export const bind = (portal: string, statement: string, values: string[] = []): Buffer =>
  frame(
    "B",
    ...[portal, NUL, statement, NUL, int16(0), int16(values.length)],
    ...values.flatMap((value) => {
      const bytes = Buffer.from(value);
      return [int32(bytes.length), bytes];
    }),
    int16(0),
  );

export const describePortal = (portal: string): Buffer => frame("D", "P", portal, NUL);

export const execute = (portal: string): Buffer => frame("E", portal, NUL, int32(0));

export const closePortal = (portal: string): Buffer => frame("C", "P", portal, NUL);

export const closeStatement = (name: string): Buffer => frame("C", "S", name, NUL);

/** An error or notice from its fields: `S` severity, `C` SQLSTATE, `M` message … */
export const report = (type: "E" | "N", fields: Iterable<[string, string | Buffer]>): Buffer =>
  frame(type, ...[...fields].flatMap(([code, value]) => [code, value, NUL]), NUL);

/** The relay's own refusal, in PostgreSQL's words and codes. */
export const fatal = (sqlState: string, message: string): Buffer =>
  report("E", [
    ["S", "FATAL"],
    ["V", "FATAL"],
    ["C", sqlState],
    ["M", message],
  ]);
