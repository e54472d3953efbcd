terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
      # CloudFront, its certificate, its web ACL and its logs live in us-east-1.
      configuration_aliases = [aws, aws.us_east_1]
    }
  }
}
