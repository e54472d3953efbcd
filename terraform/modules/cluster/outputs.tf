output "name" {
  description = "Name of the cluster."
  value       = local.makes ? aws_ecs_cluster.this[0].name : data.aws_ecs_cluster.existing[0].cluster_name
}

output "arn" {
  description = "ARN of the cluster."
  value       = local.makes ? aws_ecs_cluster.this[0].arn : data.aws_ecs_cluster.existing[0].arn
}

output "load_balancer" {
  description = "The load balancer: arn, arn_suffix (for metrics), dns_name, zone_id (for aliases), listener and test_listener (ARNs), security_group. null: none."
  value = local.balances ? {
    arn            = aws_lb.this[0].arn
    arn_suffix     = aws_lb.this[0].arn_suffix
    dns_name       = aws_lb.this[0].dns_name
    zone_id        = aws_lb.this[0].zone_id
    listener       = aws_lb_listener.https[0].arn
    test_listener  = aws_lb_listener.test[0].arn
    security_group = aws_security_group.load_balancer[0].id
  } : null
}

output "log_bucket" {
  description = "Bucket with the load balancer's access logs; null: none."
  value       = one(aws_s3_bucket.logs[*].bucket)
}

output "exec_log_group" {
  description = "Log group of exec sessions; null with an existing cluster."
  value       = one(aws_cloudwatch_log_group.exec[*].name)
}
