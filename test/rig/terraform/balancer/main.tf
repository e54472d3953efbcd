terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "eu-north-1"
  default_tags {
    tags = { Project = "rig", ManagedBy = "terraform" }
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "this" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_security_group" "this" {
  name   = "rig"
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_acm_certificate" "this" {
  domain_name       = "origin.rig.example"
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_zone" "this" {
  name = "rig.example"
}

resource "aws_route53_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option
  }
  zone_id         = aws_route53_zone.this.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_s3_bucket" "logs" {
  bucket        = "rig-balancer-logs"
  force_destroy = true
}

resource "aws_lb" "this" {
  name                       = "rig"
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = aws_subnet.this[*].id
  security_groups            = [aws_security_group.this.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = false
  enable_http2               = true
  desync_mitigation_mode     = "strictest"
  idle_timeout               = 120
  client_keep_alive          = 3600
  preserve_host_header       = true
  xff_header_processing_mode = "append"
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "alb"
    enabled = true
  }
  connection_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "connections"
    enabled = true
  }
  depends_on = [aws_internet_gateway.this]
}

resource "aws_lb_target_group" "this" {
  for_each                          = toset(["blue", "green"])
  name                              = "rig-${each.key}"
  port                              = 3000
  protocol                          = "HTTP"
  protocol_version                  = "HTTP1"
  target_type                       = "ip"
  vpc_id                            = aws_vpc.this.id
  deregistration_delay              = 30
  slow_start                        = 30
  load_balancing_algorithm_type     = "round_robin"
  load_balancing_cross_zone_enabled = "use_load_balancer_configuration"
  health_check {
    enabled             = true
    path                = "/health"
    matcher             = "200-299"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
    port                = "traffic-port"
    protocol            = "HTTP"
  }
  stickiness {
    type            = "lb_cookie"
    enabled         = false
    cookie_duration = 3600
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "this" {
  for_each          = { production = 443, test = 8443 }
  load_balancer_arn = aws_lb.this.arn
  port              = each.value
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "nothing here"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "this" {
  for_each     = { production = [100, 0], test = [0, 100] }
  listener_arn = aws_lb_listener.this[each.key].arn
  priority     = 10
  action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = { blue = each.value[0], green = each.value[1] }
        content {
          arn    = aws_lb_target_group.this[target_group.key].arn
          weight = target_group.value
        }
      }
    }
  }
  condition {
    path_pattern {
      values = ["/api/*", "/api"]
    }
  }
  condition {
    http_header {
      http_header_name = "x-origin-secret"
      values           = ["word"]
    }
  }
  condition {
    host_header {
      values = ["origin.rig.example"]
    }
  }
  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_route53_record" "origin" {
  for_each = toset(["A", "AAAA"])
  zone_id  = aws_route53_zone.this.zone_id
  name     = "origin.rig.example"
  type     = each.key
  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}

resource "aws_wafv2_web_acl" "regional" {
  name  = "rig-regional"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "rate"
    priority = 1
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit              = 2000
        aggregate_key_type = "IP"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "rig"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_lb.this.arn
  web_acl_arn  = aws_wafv2_web_acl.regional.arn
}
