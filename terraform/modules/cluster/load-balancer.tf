data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = local.balances ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

locals {
  balances = var.load_balancer != null
  # A name of a load balancer has 32 characters at most; what is cut off comes back as a digest.
  load_balancer_name = length(var.name) <= 32 ? var.name : "${substr(var.name, 0, 26)}-${substr(md5(var.name), 0, 5)}"
}

resource "aws_security_group" "load_balancer" {
  count = local.balances ? 1 : 0

  name_prefix            = "${var.name}-load-balancer-"
  description            = "Load balancer of ${var.name}: in from CloudFront only"
  vpc_id                 = var.load_balancer.vpc_id
  revoke_rules_on_delete = true
  tags                   = merge(var.tags, { Name = "${var.name}-load-balancer" })

  lifecycle {
    create_before_destroy = true
  }
}

# One port only: the list counts as 55 rules of the 60 that a security group may have. Port 80 is therefore not reachable either;
# CloudFront redirects people to HTTPS itself.
resource "aws_vpc_security_group_ingress_rule" "cloudfront" {
  count = local.balances ? 1 : 0

  security_group_id = aws_security_group.load_balancer[0].id
  description       = "HTTPS from CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each = local.balances ? var.load_balancer.test_sources : {}

  security_group_id = aws_security_group.load_balancer[0].id
  description       = "Test listener from ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.load_balancer.test_port
  to_port           = var.load_balancer.test_port
  tags              = var.tags
}

resource "aws_lb" "this" {
  count = local.balances ? 1 : 0

  name                       = local.load_balancer_name
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = var.load_balancer.subnets
  security_groups            = [aws_security_group.load_balancer[0].id]
  enable_deletion_protection = var.protect
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  enable_http2               = true
  idle_timeout               = var.load_balancer.idle_timeout_seconds
  tags                       = var.tags

  access_logs {
    bucket  = aws_s3_bucket.logs[0].bucket
    enabled = true
  }

  # ELB writes a test object when logging is turned on: the policy has to be there first.
  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_route53_record" "origin" {
  count = !local.balances ? 0 : var.load_balancer.domain == null ? 0 : 1

  zone_id = var.load_balancer.domain.zone_id
  name    = var.load_balancer.domain.name
  type    = "A"

  alias {
    name                   = aws_lb.this[0].dns_name
    zone_id                = aws_lb.this[0].zone_id
    evaluate_target_health = false
  }
}

resource "aws_lb_listener" "https" {
  count = local.balances ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.load_balancer.tls_policy
  certificate_arn   = var.load_balancer.certificate_arn
  tags              = var.tags

  # What no service's rule asked for does not exist.
  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "Not found"
      status_code  = "404"
    }
  }
}

# The candidate of a blue-green deployment is looked at here before it gets traffic.
resource "aws_lb_listener" "test" {
  count = local.balances ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.load_balancer.test_port
  protocol          = "HTTPS"
  ssl_policy        = var.load_balancer.tls_policy
  certificate_arn   = var.load_balancer.certificate_arn
  tags              = var.tags

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "Not found"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "http" {
  count = local.balances ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 80
  protocol          = "HTTP"
  tags              = var.tags

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
