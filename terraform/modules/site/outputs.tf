output "bucket" {
  description = "Name of the bucket with the files of all sites."
  value       = aws_s3_bucket.sites.bucket
}

output "bucket_arn" {
  description = "ARN of that bucket."
  value       = aws_s3_bucket.sites.arn
}

output "sites" {
  description = "Sites by name: bucket, prefix, distribution, distribution_domain, route, fallback."
  value = {
    for name, site in var.sites : name => {
      bucket              = aws_s3_bucket.sites.bucket
      prefix              = "${name}/"
      distribution        = aws_cloudfront_distribution.this.id
      distribution_domain = aws_cloudfront_distribution.this.domain_name
      route               = site.route
      fallback            = site.fallback
    }
  }
}

output "distribution" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "ARN of the distribution, for the policies of what it reads."
  value       = aws_cloudfront_distribution.this.arn
}

output "distribution_domain" {
  description = "Name of the distribution at CloudFront, ….cloudfront.net."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "log_bucket" {
  description = "Bucket with the access logs."
  value       = aws_s3_bucket.logs.bucket
}
