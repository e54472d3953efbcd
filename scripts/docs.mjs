// Writes the pages of docs/ that follow from the code; `--check` only compares, and fails when one differs.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each page: where its text is made. A new page is a new line. */
const PAGES = [
  { page: "docs/config.md", from: "src/config/docs.ts", name: "configPage" },
  { page: "docs/errors.md", from: "src/config/docs.ts", name: "errorsPage" },
  { page: "docs/cli.md", from: "src/cli/docs.ts", name: "cliPage" },
  { page: "docs/policies.md", from: "src/infra/policy/docs.ts", name: "policiesPage" },
  { page: "docs/migration-rules.md", from: "src/migrations/judge/docs.ts", name: "migrationRulesPage" },
];

const load = async (from) => {
  const folder = mkdtempSync(join(root, "node_modules/.docs-"));
  try {
    const outfile = join(folder, "page.mjs");
    await build({
      absWorkingDir: root,
      entryPoints: [from],
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const check = process.argv.includes("--check");
const stale = [];
for (const { page, from, name } of PAGES) {
  const text = await (await load(from))[name]();
  const path = join(root, page);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  stale.push(page);
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (check && stale.length > 0) {
  console.error(`${stale.join(", ")} differ from the code. Run: npm run docs`);
  process.exitCode = 1;
} else {
  console.log(
    check ? `${PAGES.length} pages are as the code says` : `${stale.length} of ${PAGES.length} pages written`,
  );
}
