output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "zones" {
  description = "Names of the availability zones, in the order of the subnets."
  value       = local.zones
}

output "public_subnet_ids" {
  description = "Subnets of load balancers and NAT gateways, one a zone."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "Subnets of services, one a zone."
  value       = aws_subnet.private[*].id
}

output "data_subnet_ids" {
  description = "Subnets of databases and caches, one a zone, with no route out of the VPC."
  value       = aws_subnet.data[*].id
}

output "route_table_ids" {
  description = "Route tables: public, data, and one private a zone."
  value = {
    public  = aws_route_table.public.id
    data    = aws_route_table.data.id
    private = aws_route_table.private[*].id
  }
}

output "nat_public_ips" {
  description = "Addresses that services call the outside from; empty with egress = \"endpoints\"."
  value       = aws_eip.nat[*].public_ip
}

output "s3_endpoint_id" {
  description = "The gateway endpoint of S3."
  value       = aws_vpc_endpoint.s3.id
}

output "interface_endpoint_ids" {
  description = "Interface endpoints by the last part of their service name."
  value       = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }
}

output "endpoints_security_group_id" {
  description = "Security group of the interface endpoints; null when there are none."
  value       = one(aws_security_group.endpoints[*].id)
}

output "flow_log_group" {
  description = "Name of the log group with the flow logs."
  value       = aws_cloudwatch_log_group.flow.name
}

output "kms_key_arn" {
  description = "KMS key that encrypts the flow logs."
  value       = local.kms_key_arn
}
