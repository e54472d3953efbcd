// Who may import whom (.dependency-cruiser.cjs), and that it was really looked at: with a compiler that it does not
// know, dependency-cruiser sees no module and no violation.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import { root } from "./project.mjs";

process.chdir(root);
const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name))
      : entry.name.endsWith(".ts")
        ? [join(folder, entry.name)]
        : [],
  );
const config =
  (await extractConfig.default?.("./.dependency-cruiser.cjs")) ??
  (await extractConfig("./.dependency-cruiser.cjs"));
const { output } = await cruise(["src"], {
  ...config.options,
  validate: true,
  ruleSet: { forbidden: config.forbidden },
});
const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) console.log(`${rule.name}: ${from} → ${to}`);
const expected = files("src").length;
if (totalCruised < expected) console.log(`only ${totalCruised} of ${expected} modules were looked at`);
console.log(`${totalCruised} modules, ${violations.length} violations`);
process.exit(violations.length === 0 && totalCruised >= expected ? 0 : 1);
