output "buckets" {
  description = "Buckets by short name: name, arn, domain (regional, for a CloudFront origin)."
  value = {
    for short, bucket in aws_s3_bucket.this : short => {
      name   = bucket.bucket
      arn    = bucket.arn
      domain = bucket.bucket_regional_domain_name
    }
  }
}

output "kms_key_arn" {
  description = "KMS key of the objects; null with encryption = \"AES256\". Who reads needs kms:Decrypt, who writes kms:GenerateDataKey."
  value       = local.kms_key_arn
}
