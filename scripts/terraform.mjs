// npm run terraform -- check [module…] | docs [module…]: the Terraform modules, formatted, valid, tested, and their READMEs' tables.
import { spawnSync } from "node:child_process";
import { checkModules } from "./terraform-check.mjs";
import { findModules } from "./terraform-modules.mjs";
import { writeTables } from "./terraform-docs.mjs";

const USAGE = "usage: npm run terraform -- check [module…]   or   npm run terraform -- docs [module…]";

const refuse = (...lines) => {
  for (const line of lines) console.error(line);
  process.exit(2);
};

const [verb, ...names] = process.argv.slice(2);
if (verb !== "check" && verb !== "docs") refuse(USAGE);

const all = findModules();
const unknown = names.filter((name) => !all.some((module) => module.name === name));
if (unknown.length > 0)
  refuse(`no such module: ${unknown.join(", ")}`, `there are: ${all.map(({ name }) => name).join(", ")}`);
const modules = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));

if (verb === "docs") {
  for (const module of modules) {
    console.log(`${writeTables(module) ? "✎" : "="} ${module.name}`);
  }
  process.exit(0);
}

const version = spawnSync("terraform", ["version", "-json"], { encoding: "utf8" });
if (version.error || version.status !== 0) {
  console.log("terraform 1.11 or later is needed and is not on PATH:");
  console.log("  https://developer.hashicorp.com/terraform/install");
  console.log("0 passed, 1 failed");
  process.exit(1);
}
console.log(`terraform ${JSON.parse(version.stdout).terraform_version}, ${modules.length} modules`);
const { passed, failed } = await checkModules(modules);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
