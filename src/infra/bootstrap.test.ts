import { expect, test } from "vitest";
import { fullConfig, smallConfig, withValue } from "../config/testbed.ts";
import { isAppError } from "../domain/errors.ts";
import { bootstrapBackendFile, bootstrapFiles } from "./bootstrap-files.ts";
import { bootstrapsFor } from "./bootstrap.ts";
import { definitionOf, fullApp } from "../../test/helpers/infra-app.ts";

const PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const oneAccount = () => withValue(fullConfig(), "environments.production.aws", {});

const problemsOf = (config: unknown): string[] => {
  try {
    bootstrapsFor(definitionOf(config));
    return [];
  } catch (error) {
    if (!isAppError(error, "INFRA_SETTING")) throw error;
    return (error.context["problems"] as { setting: string; message: string }[]).map(
      ({ setting, message }) => `${setting} ${message}`,
    );
  }
};

test("environments of one account have one bootstrap, with all that the module wants", () => {
  expect(bootstrapsFor(definitionOf(oneAccount()))).toEqual([
    {
      folder: "bootstrap",
      account: "123456789012",
      region: "eu-north-1",
      environments: ["staging", "production"],
      variables: {
        region: "eu-north-1",
        account: "123456789012",
        app: {
          name: "shop",
          services: ["api", "mailer"],
          environments: { staging: {}, production: {} },
          repository: "octo-org/shop",
          oidc_provider: { arn: PROVIDER },
          trusted_principals: ["arn:aws:iam::123456789012:role/people"],
          state_bucket: { name: "shop-terraform" },
          registry_account: null,
          pull_accounts: [],
          tags: { Team: "shop", "cost:centre": "42" },
        },
      },
      backend: {
        bucket: "shop-terraform",
        key: "shop/bootstrap-123456789012/terraform.tfstate",
        region: "eu-north-1",
      },
    },
  ]);
});

test("a second account pulls its images from the first", () => {
  const [first, second] = bootstrapsFor(fullApp());
  expect([first?.folder, second?.folder]).toEqual(["bootstrap", "bootstrap-123456789013"]);
  expect(first?.variables.app).toMatchObject({
    oidc_provider: { arn: PROVIDER },
    environments: { staging: {} },
    registry_account: null,
    pull_accounts: ["123456789013"],
  });
  expect(second?.variables).toMatchObject({ region: "eu-west-1", account: "123456789013" });
  expect(second?.variables.app).toMatchObject({
    oidc_provider: null,
    environments: { production: {} },
    registry_account: "123456789012",
    pull_accounts: [],
  });
});

test("without a bucket or a repository of one's own the bucket is made, and no role that nobody could take", () => {
  const bare = ["stateBucket", "github", "trustedPrincipals"].reduce(
    (config: unknown, name) => withValue(config, `aws.${name}`, undefined),
    oneAccount(),
  );
  const [bootstrap] = bootstrapsFor(definitionOf(bare));
  expect(bootstrap?.variables.app).toMatchObject({ state_bucket: null, repository: null, environments: {} });
  expect(bootstrap?.backend.bucket).toBe("switchback-state-123456789012-eu-north-1");
});

test("people alone may take on the roles, without a repository", () => {
  const [bootstrap] = bootstrapsFor(definitionOf(withValue(oneAccount(), "aws.github", undefined)));
  expect(bootstrap?.variables.app).toMatchObject({
    ...{ repository: null, oidc_provider: null, environments: { staging: {}, production: {} } },
    trusted_principals: ["arn:aws:iam::123456789012:role/people"],
  });
});

test("a provider of an account that is not prepared, or a second one of an account, is refused", () => {
  const other = PROVIDER.replace("123456789012", "999999999999");
  expect(
    problemsOf(withValue(fullConfig(), "aws.github.oidcProviders", [PROVIDER, other, PROVIDER])),
  ).toEqual([
    "aws.github.oidcProviders[1] is of the account 999999999999, and no environment is in it",
    "aws.github.oidcProviders[2] is a second one of the account 123456789012: an account holds one",
  ]);
});

test("its root has no backend until the bucket is there", () => {
  const [bootstrap] = bootstrapsFor(definitionOf(oneAccount()));
  const files = bootstrapFiles({ bootstrap: bootstrap!, moduleSource: "../modules/bootstrap" });
  expect(Object.keys(files)).toEqual(["main.tf", "variables.tf", ".gitignore"]);
  expect(files["main.tf"]).toContain('source = "../modules/bootstrap"');
  expect(files["main.tf"]).toContain("  oidc_provider      = var.app.oidc_provider\n");
  expect(files["main.tf"]).toContain("  trusted_principals = var.app.trusted_principals\n");
  expect(files["main.tf"]).not.toContain("backend");
  expect(bootstrapBackendFile(bootstrap!)["backend.tf"]).toBe(
    'terraform {\n  backend "s3" {\n    bucket       = "shop-terraform"\n' +
      '    key          = "shop/bootstrap-123456789012/terraform.tfstate"\n    region       = "eu-north-1"\n' +
      "    encrypt      = true\n    use_lockfile = true\n  }\n}\n",
  );
});

test("what is missing is named for each environment", () => {
  const environments = {
    staging: { platform: "aws" },
    live: { platform: "aws", aws: { region: "eu-west-1" } },
  };
  expect(problemsOf({ ...smallConfig(), environments })).toEqual([
    expect.stringMatching(/^environments\.staging\.aws\.region is missing/),
    expect.stringMatching(/^environments\.staging\.aws\.account is missing/),
    expect.stringMatching(/^environments\.live\.aws\.account is missing/),
  ]);
});

test("two regions of one account, names that lead to each other, and no AWS at all are refused", () => {
  expect(problemsOf(withValue(fullConfig(), "environments.production.aws", { region: "eu-west-1" }))).toEqual(
    [
      "environments.production.aws.region is eu-west-1, and staging is in eu-north-1 of the same account: an account's bootstrap is for one region",
    ],
  );
  const aws = { platform: "aws" };
  const named = { ...smallConfig(), aws: { region: "eu-north-1", account: "123456789012" } };
  expect(problemsOf({ ...named, environments: { staging: aws, "staging-eu": aws } })).toEqual([
    expect.stringMatching(/^environments\.staging-eu begins with staging-: /),
  ]);
  expect(problemsOf({ ...named, environments: { staging: aws, stagingeu: aws } })).toEqual([]);
  expect(problemsOf(smallConfig())).toEqual(['environments has none with platform "aws"']);
});
