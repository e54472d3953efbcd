output "repositories" {
  description = "Repositories by service: name, arn, url."
  value = {
    for service, repository in aws_ecr_repository.this : service => {
      name = repository.name
      arn  = repository.arn
      url  = repository.repository_url
    }
  }
}

output "kms_key_arn" {
  description = "KMS key of the images; null with encryption = \"AES256\"."
  value       = local.kms_key_arn
}
