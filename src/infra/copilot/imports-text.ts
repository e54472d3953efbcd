import type { Judged } from "./outcome.ts";

const hcl = (text: string): string => JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");

const sentence = (text: string): string => `# ${text.replaceAll(/\s+/g, " ")}`;

const block = ({
  stack,
  logicalId,
  todo,
  import: { to, id } = { root: "environment", to: "", id: "" },
}: Judged): string[] => [
  sentence(`${stack}: ${logicalId}`),
  ...(todo === null ? [] : [sentence(`- ${todo}`)]),
  "import {",
  `  to = ${to}`,
  `  id = ${hcl(id)}`,
  "}",
];

/** The same, for later: taken in by removing the marks. */
const marked = (lines: string[]): string[] =>
  lines.map((line) => (line.startsWith("#") ? line : `# ${line}`));

const paragraph = (head: string[], blocks: string[][]): string[] =>
  blocks.length === 0
    ? []
    : [[...head.map(sentence), ""].join("\n"), ...blocks.map((lines) => `${lines.join("\n")}\n`)];

/**
 * `imports.tf` of each root: what Terraform takes over at once; marked as comments, what waits until users are moved and
 * what is the user's own. Formatted as `terraform fmt` does. A root without any has no file.
 */
export const importFiles = (judged: Judged[], environment: string): Record<string, string> => {
  const of = (outcome: Judged["outcome"], root: "environment" | "bootstrap"): Judged[] =>
    judged.filter((one) => one.outcome === outcome && one.import?.root === root);
  const file = (root: "environment" | "bootstrap"): string =>
    [
      ...paragraph(
        [
          "What Copilot made and Terraform takes over; the plan shows what it sets. Take the blocks away after the apply.",
        ],
        of("import", root).map(block),
      ),
      ...paragraph(
        [
          "For the apply that moves users, when the services and sites have been deployed: take the marks away then.",
          "Each plan shows what changes at once.",
        ],
        of("import-at-cut-over", root).map((one) => marked(block(one))),
      ),
      ...paragraph(
        [
          "What has no place in the module and goes on as it is, as resources of your own.",
          "Take the marks away, and let Terraform write what it finds: terraform plan -generate-config-out=copilot.tf",
        ],
        of("own", root).map((one) => marked(block(one))),
      ),
    ].join("\n");
  return Object.fromEntries(
    (
      [
        [`infra/${environment}/imports.tf`, file("environment")],
        ["infra/bootstrap/imports.tf", file("bootstrap")],
      ] as const
    ).filter(([, text]) => text !== ""),
  );
};
