output "identifier" {
  description = "Identifier of the replication group."
  value       = aws_elasticache_replication_group.this.id
}

output "host" {
  description = "Host name of the primary: reads and writes."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_host" {
  description = "Host name for reading: the replicas, or the primary when there are none."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "port" {
  description = "Port of every node; TLS only."
  value       = local.port
}

output "secret_arn" {
  description = "Secret with username, password, host, port and url (rediss://…)."
  value       = aws_secretsmanager_secret.this.arn
}

output "security_group_id" {
  description = "Security group of the nodes."
  value       = aws_security_group.this.id
}

output "kms_key_arn" {
  description = "KMS key of data, snapshots, logs and the secret. Who reads the secret needs kms:Decrypt on it."
  value       = local.kms_key_arn
}
