/** Encodings whose characters hold bytes that look like ASCII: a text in one of them cannot be cut. */
const UNSAFE = new Set(["SJIS", "SHIFT_JIS_2004", "BIG5", "GBK", "UHC", "GB18030", "JOHAB"]);

export const canBeCut = (encoding: string | undefined): boolean => !UNSAFE.has(encoding ?? "UTF8");

/** SQL for people. Other encodings than UTF-8 show their bytes. */
export const readable = (text: Buffer, encoding: string | undefined): string =>
  text.toString(encoding === undefined || encoding === "UTF8" ? "utf8" : "latin1");

/** As PostgreSQL counts positions in errors: characters. */
export const characters = (text: Buffer, encoding: string | undefined): number => {
  if (encoding !== undefined && encoding !== "UTF8") return text.length;
  let count = 0;
  for (const byte of text) if ((byte & 0xc0) !== 0x80) count += 1;
  return count;
};
