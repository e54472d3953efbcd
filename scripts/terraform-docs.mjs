// The tables of a module's README: inputs and outputs, as its files declare them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declared } from "./terraform-modules.mjs";

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("*", "\\*");

const tables = (folder) => {
  const { inputs, outputs } = declared(folder);
  return {
    inputs: [
      "| input | type | default | |",
      "| --- | --- | --- | --- |",
      ...inputs.map(
        (it) =>
          `| \`${it.name}\` | ${it.type} | ${it.default === null ? "**needed**" : `\`${it.default}\``} | ${cell(it.description)} |`,
      ),
    ].join("\n"),
    outputs: [
      "| output | |",
      "| --- | --- |",
      ...outputs.map((it) => `| \`${it.name}\` | ${cell(it.description)} |`),
    ].join("\n"),
  };
};

/** The README as it should be; null: it has no tables of ours. */
const expectedReadme = (folder) => {
  const path = join(folder, "README.md");
  const text = readFileSync(path, "utf8");
  if (!text.includes("<!-- inputs -->")) return null;
  const made = tables(folder);
  return text
    .replace(
      /<!-- inputs -->[\s\S]*<!-- \/inputs -->/,
      () => `<!-- inputs -->\n\n${made.inputs}\n\n<!-- /inputs -->`,
    )
    .replace(
      /<!-- outputs -->[\s\S]*<!-- \/outputs -->/,
      () => `<!-- outputs -->\n\n${made.outputs}\n\n<!-- /outputs -->`,
    );
};

export const writeTables = ({ folder }) => {
  const path = join(folder, "README.md");
  if (!existsSync(path)) return false;
  const wanted = expectedReadme(folder);
  if (wanted === null || wanted === readFileSync(path, "utf8")) return false;
  writeFileSync(path, wanted);
  return true;
};

/** What is wrong with a module's README; empty: nothing. */
export const judgeReadme = (folder) => {
  const path = join(folder, "README.md");
  if (!existsSync(path)) return "README.md is missing";
  const wanted = expectedReadme(folder);
  if (wanted !== null)
    return wanted === readFileSync(path, "utf8")
      ? ""
      : "its tables are out of date: npm run terraform -- docs";
  const text = readFileSync(path, "utf8");
  const { inputs, outputs } = declared(folder);
  const missing = [...inputs, ...outputs].filter(({ name }) => !text.includes(`\`${name}\``));
  return missing.length === 0 ? "" : `README.md does not name ${missing.map(({ name }) => name).join(", ")}`;
};
