// Which Terraform modules there are, and what a module declares.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./project.mjs";

export const modulesFolder = join(root, "terraform/modules");

const SKIPPED = new Set(["tests", "examples", ".terraform"]);

const foldersBelow = (folder) => {
  if (!existsSync(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
    .flatMap((entry) => foldersBelow(join(folder, entry.name)));
  return existsSync(join(folder, "versions.tf")) ? [folder, ...inside] : inside;
};

const subfolders = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];

/** A module is a folder with a versions.tf; a module inside another is named by its path. */
export const findModules = () =>
  foldersBelow(modulesFolder)
    .map((folder) => ({
      name: relative(modulesFolder, folder),
      folder,
      examples: subfolders(join(folder, "examples")).filter((name) =>
        existsSync(join(folder, "examples", name, "main.tf")),
      ),
      // Terraform can't validate by itself what needs a provider configuration handed in; examples and tests do.
      validatesAlone: !readFileSync(join(folder, "versions.tf"), "utf8").includes("configuration_aliases"),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));

const blocks = (folder, file, kind) => {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(new RegExp(`^${kind} "([^"]+)" \\{\\n([\\s\\S]*?)^\\}`, "gm"))].map(
    ([, name, body]) => ({
      name,
      body,
    }),
  );
};

const attribute = (body, name) => {
  const one = new RegExp(`^ {2}${name} += (.*)$`, "m").exec(body)?.[1];
  return one === undefined ? null : one.trim();
};

const unquote = (text) => (text === null ? "" : JSON.parse(text.replaceAll("$${", "${")));

/** Inputs and outputs, as variables.tf and outputs.tf declare them in terraform fmt's form. */
export const declared = (folder) => ({
  inputs: blocks(folder, "variables.tf", "variable").map(({ name, body }) => ({
    name,
    description: unquote(attribute(body, "description")),
    type: (attribute(body, "type") ?? "any").replace(/\(\{$/, "").replace(/\(\{.*\}\)/, ""),
    default: attribute(body, "default"),
  })),
  outputs: blocks(folder, "outputs.tf", "output").map(({ name, body }) => ({
    name,
    description: unquote(attribute(body, "description")),
  })),
});

const text = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".tftest.hcl"))
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join("\n")
    : "";

/** Variables whose effect no test can show, because none sets them. */
export const unsetInTests = (folder) => {
  const tests = text(join(folder, "tests"));
  return declared(folder).inputs.filter(({ name }) => !new RegExp(`^\\s*${name}\\s*=`, "m").test(tests));
};
