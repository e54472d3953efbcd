import { expect, test } from "vitest";
import { fullConfig, withValue } from "../config/testbed.ts";
import { makeTerraform } from "../../test/helpers/terraform.ts";
import { bootstrapBackendFile, bootstrapFiles } from "./bootstrap-files.ts";
import { bootstrapsFor } from "./bootstrap.ts";
import { rootFiles, VARIABLES_FILE } from "./root-files.ts";
import { stateBackend } from "./state-backend.ts";
import { definitionOf, fullApp } from "../../test/helpers/infra-app.ts";

const filesOf = (environment = "production", moduleSource = "../../terraform/modules/app") =>
  rootFiles({ app: fullApp(), environment, moduleSource });

test("a root has its backend, providers, module and output", () => {
  const { "main.tf": main = "", ...rest } = filesOf();
  expect(Object.keys(rest)).toEqual(["variables.tf", ".gitignore"]);
  for (const part of [
    'required_version = ">= 1.11"',
    'version = ">= 5.100, < 7"',
    '  backend "s3" {\n    bucket       = "shop-terraform"\n    key          = "shop/production/terraform.tfstate"\n',
    "use_lockfile = true",
    "allowed_account_ids = [var.account]",
    'ManagedBy   = "terraform"',
    '  alias               = "us_east_1"\n  region              = "us-east-1"\n',
    '  source = "../../terraform/modules/app"\n\n  app          = var.app\n  alarm_emails = var.app.alarm_emails\n',
    '  permissions_boundary = "arn:${data.aws_partition.this.partition}:iam::${var.account}:policy/switchback/${var.app.name}-boundary"\n',
    "aws.us_east_1 = aws.us_east_1",
    'output "contract" {',
  ])
    expect(main).toContain(part);
});

test("no value of the configuration is in the root, but where its state is", () => {
  const production = Object.values(filesOf("production")).join("");
  const changed = withValue(fullConfig(), "environments.production.aws.network.zones", 2);
  const again = rootFiles({
    app: definitionOf(changed),
    environment: "production",
    moduleSource: "../../terraform/modules/app",
  });
  expect(Object.values(again).join("")).toBe(production);
});

test("the values are not kept in git: they follow from the configuration", () => {
  expect(filesOf()[".gitignore"]?.split("\n")).toContain(VARIABLES_FILE);
});

test.each([
  ["shop-terraform", fullConfig()],
  ["switchback-state-123456789013-eu-west-1", withValue(fullConfig(), "aws.stateBucket", undefined)],
])("the state is in %s", (bucket, config) => {
  expect(stateBackend(definitionOf(config), "production")).toEqual({
    bucket,
    key: "shop/production/terraform.tfstate",
    region: "eu-west-1",
  });
});

test("a source with what Terraform would evaluate stays text", () => {
  expect(filesOf("production", 'git::https://x/${y}?a="%{b}"')["main.tf"]).toContain(
    'source = "git::https://x/$${y}?a=\\"%%{b}\\""',
  );
});

test("an environment that cannot be made gets no root", () => {
  expect(() => filesOf("development")).toThrow(/platform is "local"/);
  expect(() => filesOf("nowhere")).toThrow(/no environment "nowhere"/);
});

test("all that is generated is formatted as terraform fmt does, with long names and short ones", async () => {
  const terraform = await makeTerraform();
  try {
    const [bootstrap] = bootstrapsFor(fullApp());
    const files = {
      ...filesOf(),
      "bootstrap.tf": bootstrapFiles({ bootstrap: bootstrap!, moduleSource: "registry/x/aws" })["main.tf"]!,
      "bootstrap-variables.tf": bootstrapFiles({ bootstrap: bootstrap!, moduleSource: "x" })["variables.tf"]!,
      ...bootstrapBackendFile(bootstrap!),
    };
    for (const [name, text] of Object.entries(files).filter(([file]) => file.endsWith(".tf")))
      expect({ name, text: terraform.run(["fmt", "-"], { cwd: ".", input: text }) }).toEqual({ name, text });
  } finally {
    terraform.close();
  }
});
