import type { AppDefinition } from "../domain/app-definition.ts";
import { checkInfra } from "./check-infra.ts";
import { hclText } from "./hcl.ts";
import { stateBackend, type StateBackend } from "./state-backend.ts";

export interface RootRequest {
  app: AppDefinition;
  environment: string;
  /** Where the module `app` is: a path relative to the folder, or any other source that Terraform knows. */
  moduleSource: string;
}

/** The values of the root, written anew at each run; Terraform reads the file by itself. */
export const VARIABLES_FILE = "app.auto.tfvars.json";

/**
 * The folder `infra/<environment>/` as it is made once; after that its files are the user's. Pure. Formatted as
 * `terraform fmt` does. Throws what `variablesFor` throws.
 */
export const rootFiles = ({ app, environment, moduleSource }: RootRequest): Record<string, string> => {
  checkInfra(app, environment);
  return {
    "main.tf": mainFile({ app, environment, moduleSource }),
    "variables.tf": VARIABLES,
    ".gitignore": IGNORED,
  };
};

export const IGNORED = `# Terraform's own, and what Switchback writes from switchback.config.ts at each run.
.terraform/
*.tfplan
*.tfstate
*.tfstate.*
*_override.tf
${VARIABLES_FILE}
`;

export const REQUIREMENTS = `  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
`;

export const backendBlock = ({ bucket, key, region }: StateBackend): string => `  backend "s3" {
    bucket       = ${hclText(bucket)}
    key          = ${hclText(key)}
    region       = ${hclText(region)}
    encrypt      = true
    use_lockfile = true
  }
`;

const mainFile = ({
  app,
  environment,
  moduleSource,
}: RootRequest): string => `# ${environment} of ${app.name}.
# Switchback made this folder once; it is yours, and is not written again, but for ${VARIABLES_FILE}:
# region, account and app come from switchback.config.ts at each run of \`switchback infra\`.

terraform {
${REQUIREMENTS}
${backendBlock(stateBackend(app, environment))}}

locals {
  tags = merge(try(var.app.tags, {}), {
    Project     = var.app.name
    Environment = var.app.environment
    ManagedBy   = "terraform"
  })
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account]

  default_tags {
    tags = local.tags
  }
}

# CloudFront looks for its certificate and its firewall there.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [var.account]

  default_tags {
    tags = local.tags
  }
}

data "aws_partition" "this" {}

module "app" {
  source = ${hclText(moduleSource)}

  app          = var.app
  alarm_emails = var.app.alarm_emails
  # The cap that bootstrap made: whoever applies can make no role that is stronger than he is.
  permissions_boundary = "arn:\${data.aws_partition.this.partition}:iam::\${var.account}:policy/switchback/\${var.app.name}-boundary"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

# What \`switchback deploy\` reads.
output "contract" {
  description = "What the deployer has to know of this environment."
  value       = module.app.contract
}
`;

const VARIABLES = `variable "region" {
  description = "AWS region of this environment."
  type        = string
}

variable "account" {
  description = "AWS account of this environment; in any other nothing is done."
  type        = string
}

variable "app" {
  description = "What the environment is made of. The module checks it."
  type        = any
}
`;
