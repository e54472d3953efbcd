// Records a Terraform root's plan as test data: planned without an account, trimmed to what the policies read.
//   node scripts/record-plan.mjs ROOT TARGET.json [VARIABLES.tfvars.json …]
// A root that asks AWS something needs a server that answers: moto_server, and AWS_ENDPOINT_URL with its address.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { terraformEnv } from "./terraform-env.mjs";

const [rootFolder, target, ...varFiles] = process.argv.slice(2);
if (target === undefined)
  throw new Error("usage: node scripts/record-plan.mjs ROOT TARGET.json [VARIABLES.tfvars.json …]");

const lockFile = join(rootFolder, ".terraform.lock.hcl");
const hadLockFile = existsSync(lockFile);
const folder = mkdtempSync(join(tmpdir(), "switchback-plan-"));
const { env, close } = terraformEnv();
const terraform = (...args) => {
  const run = spawnSync("terraform", [`-chdir=${resolve(rootFolder)}`, ...args], {
    env: { ...process.env, ...env, TF_DATA_DIR: join(folder, "data") },
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`terraform ${args[0]}: ${run.stderr || run.stdout}`);
  return run.stdout;
};

const pick = (object, keys) =>
  Object.fromEntries(keys.filter((key) => object?.[key] !== undefined).map((key) => [key, object[key]]));

/** Without members that are null or false where nobody reads them; a list keeps its length. */
const dense = (value, drop = (member) => member === null) => {
  if (Array.isArray(value)) return value.map((member) => dense(member, drop));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (drop(member) ? [] : [[key, dense(member, drop)]])),
  );
};
/** Where an expression leads, and whether it is null; what it says otherwise is in the planned values. */
const bare = (expression) => {
  if (Array.isArray(expression)) return expression.map(bare);
  if (typeof expression !== "object" || expression === null) return expression;
  return Object.fromEntries(
    Object.entries(expression).flatMap(([key, member]) =>
      key === "constant_value" && member !== null ? [] : [[key, bare(member)]],
    ),
  );
};
const resourceKeys = ["address", "mode", "type", "name", "index", "values"];
const plannedModule = (module = {}) => ({
  ...pick(module, ["address"]),
  ...(module.resources === undefined
    ? {}
    : { resources: module.resources.map((entry) => dense(pick(entry, resourceKeys))) }),
  ...(module.child_modules === undefined ? {} : { child_modules: module.child_modules.map(plannedModule) }),
});
const dataOnly = (module = {}) => {
  const whole = plannedModule(module);
  return {
    ...whole,
    resources: (whole.resources ?? []).filter(({ mode }) => mode === "data"),
    ...(whole.child_modules === undefined ? {} : { child_modules: module.child_modules.map(dataOnly) }),
  };
};
const configurationModule = (module = {}) => ({
  ...(module.resources === undefined
    ? {}
    : {
        resources: module.resources.map((entry) =>
          bare(pick(entry, ["address", "mode", "type", "name", "expressions", "for_each_expression"])),
        ),
      }),
  ...(module.outputs === undefined
    ? {}
    : {
        outputs: Object.fromEntries(
          Object.entries(module.outputs).map(([name, { expression }]) => [name, { expression }]),
        ),
      }),
  ...(module.module_calls === undefined
    ? {}
    : {
        module_calls: Object.fromEntries(
          Object.entries(module.module_calls).map(([name, call]) => [
            name,
            {
              ...bare(pick(call, ["expressions", "for_each_expression"])),
              module: configurationModule(call.module),
            },
          ]),
        ),
      }),
});
const change = ({ change: { actions, after_unknown }, ...entry }) => ({
  ...pick(entry, ["address", "module_address", "mode", "type", "name", "index"]),
  change: {
    actions,
    after_unknown: dense(after_unknown, (member) => member === false),
  },
});

try {
  const plan = join(folder, "plan");
  terraform("init", "-backend=false", "-input=false");
  terraform(
    "plan",
    "-input=false",
    "-refresh=false",
    "-lock=false",
    `-state=${join(folder, "none.tfstate")}`,
    `-out=${plan}`,
    ...varFiles.map((file) => `-var-file=${resolve(file)}`),
  );
  const full = JSON.parse(terraform("show", "-json", plan));
  const trimmed = {
    ...pick(full, ["format_version"]),
    variables: pick(full.variables ?? {}, ["app"]),
    planned_values: { root_module: plannedModule(full.planned_values.root_module) },
    prior_state: { values: { root_module: dataOnly(full.prior_state?.values?.root_module) } },
    resource_changes: full.resource_changes.map(change),
    configuration: { root_module: configurationModule(full.configuration.root_module) },
  };
  const text = `${JSON.stringify(trimmed)}\n`;
  writeFileSync(target, text);
  console.log(`${target}: ${full.resource_changes.length} resources, ${Math.round(text.length / 1024)} kB`);
  if (process.env.KEEP_FULL_PLAN) writeFileSync(process.env.KEEP_FULL_PLAN, JSON.stringify(full, null, 1));
} finally {
  close();
  if (!hadLockFile) rmSync(lockFile, { force: true });
  rmSync(folder, { recursive: true, force: true });
}
