output "account" {
  description = "Account that was prepared."
  value       = local.account
}

output "region" {
  description = "Region that was prepared."
  value       = local.region
}

output "state_bucket" {
  description = "Bucket of the Terraform states."
  value       = local.state_bucket
}

output "store_bucket" {
  description = "Bucket of the environments' logs and the releases."
  value       = local.store_bucket
}

output "kms_key_arn" {
  description = "KMS key of both buckets; null with encryption = \"AES256\"."
  value       = local.kms_key_arn
}

output "oidc_provider_arn" {
  description = "OIDC provider of GitHub; null without repository."
  value       = local.oidc_provider_arn
}

output "infra_roles" {
  description = "ARNs of the roles that plan and apply, by environment."
  value       = { for environment, role in aws_iam_role.infra : environment => role.arn }
}

output "deploy_roles" {
  description = "ARNs of the roles that deploy, by environment."
  value       = { for environment, role in aws_iam_role.deploy : environment => role.arn }
}

output "permissions_boundary_arn" {
  description = "Policy that caps every role of the app; hand it to the modules as permissions_boundary."
  value       = aws_iam_policy.boundary.arn
}

output "repositories" {
  description = "Image repositories by service: name, arn, url; those of registry_account by their computed address."
  value       = local.repositories
}
