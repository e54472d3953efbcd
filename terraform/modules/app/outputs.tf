output "contract" {
  description = "What the environment consists of, version 1; also in the SSM parameter of the output contract_parameter."
  value       = local.contract
}

output "contract_parameter" {
  description = "Name of the SSM parameter with the contract as JSON."
  value       = aws_ssm_parameter.contract.name
}

output "name_servers" {
  description = "Name servers that the parent zone must delegate to; empty for a zone that was there already."
  value       = local.has_front_door ? module.dns[0].name_servers : []
}

output "alarm_topic" {
  description = "ARN of the topic that alarms publish to."
  value       = module.monitoring.topic_arn
}

output "kms_key_arn" {
  description = "KMS key of logs, secrets, database and cache."
  value       = module.security.key_arn
}
