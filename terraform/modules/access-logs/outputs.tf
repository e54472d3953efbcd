output "bucket" {
  description = "Name of the bucket, for target_bucket of aws_s3_bucket_logging."
  value       = aws_s3_bucket.this.bucket

  # S3 refuses to log into a bucket that does not let it yet.
  depends_on = [aws_s3_bucket_policy.this]
}
