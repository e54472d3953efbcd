import { crc32Of } from "./crc32.ts";
import { deflateSync } from "node:zlib";

const size = 96;

type Colour = [red: number, green: number, blue: number];

/** A PNG of a head and shoulders on a coloured ground; the same number gives the same bytes. */
export const placeholderPhoto = (number: number): Buffer => {
  const ground = hue(number * 47);
  const figure: Colour = [245, 245, 245];
  const rows: Buffer[] = [];
  for (let y = 0; y < size; y += 1) {
    const row = Buffer.alloc(1 + size * 3);
    for (let x = 0; x < size; x += 1) row.set(isFigure(x, y) ? figure : ground, 1 + x * 3);
    rows.push(row);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a channel, red green blue, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
};

const isFigure = (x: number, y: number): boolean => {
  const head = (x - 48) ** 2 + (y - 36) ** 2 < 18 ** 2;
  const shoulders = ((x - 48) / 34) ** 2 + ((y - 96) / 34) ** 2 < 1;
  return head || shoulders;
};

const hue = (degrees: number): Colour => {
  const channel = (shift: number) => Math.round(120 + 70 * Math.cos(((degrees + shift) * Math.PI) / 180));
  return [channel(0), channel(120), channel(240)];
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32Of(body), body.length + 4);
  return framed;
};
