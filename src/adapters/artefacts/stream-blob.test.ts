import { expect, test } from "vitest";
import { artefacts, blobOf, overwrite, put, storeAll, useTestbed } from "./testbed.ts";
import { sha256 } from "../../domain/digest.ts";

useTestbed();

const content = Buffer.alloc(1_000_000, "piece");
const piecesOf = async (digest: string, pieces: Buffer[] = []): Promise<Buffer[]> => {
  for await (const piece of artefacts.streamBlob(digest)) pieces.push(Buffer.from(piece));
  return pieces;
};

test("pieces come to the whole; of an empty file there are none", async () => {
  put("film.mp4", content);
  put("empty.txt", "");
  await storeAll();
  const pieces = await piecesOf(sha256(content));
  expect(pieces.length).toBeGreaterThan(1);
  expect(Buffer.concat(pieces).equals(content)).toBe(true);
  expect(await piecesOf(sha256(""))).toEqual([]);
});

test("the last piece of a damaged content never comes", async () => {
  put("film.mp4", content);
  await storeAll();
  const damaged = Buffer.from(content);
  damaged[5] = 0;
  overwrite(blobOf(content), damaged);
  const pieces: Buffer[] = [];
  await expect(piecesOf(sha256(content), pieces)).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
  expect(Buffer.concat(pieces).length).toBeLessThan(content.length);
});

test("what is not there is said so", async () => {
  await expect(piecesOf("0".repeat(64))).rejects.toMatchObject({ code: "ARTEFACT_MISSING" });
});
