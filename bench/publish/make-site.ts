import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A built site of so many files and bytes: scripts named by their content, and a page. `changed` of them are another build's:
 * other contents, and so other names. Equal arguments, equal bytes; every file is written anew, as after a checkout.
 */
export const makeSite = (
  folder: string,
  { files, bytes, changed }: { files: number; bytes: number; changed: number },
): void => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  const assets = files - 1;
  // Sizes between a twentieth and twice the average less that, evenly.
  const average = bytes / assets;
  for (let at = 0; at < assets; at++) {
    const build = at < changed - 1 ? "second" : "first";
    const size = Math.round(average * (0.05 + (1.9 * at) / (assets - 1)));
    const seed = createHash("sha256").update(`${build} ${at}`).digest();
    const content = Buffer.alloc(size, seed.toString("base64"));
    content.write(`// ${build} ${at}\n`);
    const name = createHash("sha256").update(content).digest("hex").slice(0, 12);
    writeFileSync(join(folder, "assets", `chunk${at}.${name}.js`), content);
  }
  writeFileSync(join(folder, "index.html"), `<!doctype html><p>${changed} changed</p>`);
};
