import type { Bootstrap } from "./bootstrap.ts";
import { hclText } from "./hcl.ts";
import { backendBlock, IGNORED, REQUIREMENTS, VARIABLES_FILE } from "./root-files.ts";

export interface BootstrapRequest {
  bootstrap: Bootstrap;
  /** Where the module `bootstrap` is. */
  moduleSource: string;
}

/**
 * The folder of a bootstrap as it is made once; after that its files are the user's. It has no backend: the bucket for its
 * state is what it makes. `bootstrapBackendFile` is added once the bucket is there. Pure. Formatted as `terraform fmt` does.
 */
export const bootstrapFiles = ({ bootstrap, moduleSource }: BootstrapRequest): Record<string, string> => ({
  "main.tf": mainFile(bootstrap, moduleSource),
  "variables.tf": VARIABLES,
  ".gitignore": IGNORED,
});

/** `backend.tf`: from now on the state is in the bucket that was made. `terraform init -migrate-state` moves it there. */
export const bootstrapBackendFile = ({ backend }: Bootstrap): Record<string, string> => ({
  "backend.tf": `terraform {\n${backendBlock(backend)}}\n`,
});

const mainFile = (
  { account, variables }: Bootstrap,
  moduleSource: string,
): string => `# What the AWS account ${account} needs before any environment of ${variables.app.name}: the bucket of Terraform's state,
# repositories for images, and roles for workflows.
# Switchback made this folder once; it is yours, and is not written again, but for ${VARIABLES_FILE}:
# region, account and app come from switchback.config.ts at each run of \`switchback infra\`.

terraform {
${REQUIREMENTS}}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account]

  default_tags {
    tags = merge(var.app.tags, {
      Project     = var.app.name
      Environment = "bootstrap"
      ManagedBy   = "terraform"
    })
  }
}

module "bootstrap" {
  source = ${hclText(moduleSource)}

  app                = var.app.name
  services           = var.app.services
  environments       = var.app.environments
  repository         = var.app.repository
  oidc_provider      = var.app.oidc_provider
  trusted_principals = var.app.trusted_principals
  state_bucket       = var.app.state_bucket
  registry_account   = var.app.registry_account
  pull_accounts      = var.app.pull_accounts
}

output "bootstrap" {
  description = "Buckets, roles and repositories of the account."
  value       = module.bootstrap
}
`;

const VARIABLES = `variable "region" {
  description = "AWS region of the state bucket and of the images."
  type        = string
}

variable "account" {
  description = "AWS account that is prepared; in any other nothing is done."
  type        = string
}

variable "app" {
  description = "App, its services, its environments in this account, and who may deploy them."
  type        = any
}
`;
