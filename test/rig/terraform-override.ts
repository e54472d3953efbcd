/** The file's name: Terraform merges `*_override.tf` into the blocks of the same name. */
export const OVERRIDE_FILE = "rig_override.tf";

// max_retries: with the provider's 25, a call that the rig refuses for good is asked again for minutes.
const provider = (alias: string) => `provider "aws" {${alias}
  s3_use_path_style      = true
  skip_metadata_api_check = true
  max_retries            = 3
}
`;

/**
 * What a root needs in the rig and nowhere else, for the default provider and the aliases. Where the rig is comes from
 * AWS_ENDPOINT_URL.
 */
export const overrideFor = (aliases: string[] = []): string =>
  ["", ...aliases.map((alias) => `\n  alias                  = "${alias}"`)].map(provider).join("\n");

export const OVERRIDE = overrideFor();
