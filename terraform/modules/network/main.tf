data "aws_availability_zones" "this" {
  state = "available"

  # Without local zones and wavelength zones, which databases and load balancers can't use.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_region" "this" {}

locals {
  region    = data.aws_region.this.id
  zones     = slice(data.aws_availability_zones.this.names, 0, var.zones)
  nat_count = { nat = 1, nat-per-zone = var.zones, endpoints = 0 }[var.egress]

  # Sixteen parts: 0–3 private, 4–7 public, 8–11 data, the rest free. The fourth of each is never used, so that zones line up.
  parts = cidrsubnets(var.cidr, [for _ in range(16) : 4]...)
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = merge(var.tags, { Name = var.name })
}

# AWS makes this group and it can't be removed; without rules it lets nothing through for whoever forgets to name a group.
resource "aws_default_security_group" "this" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []

  tags = merge(var.tags, { Name = "${var.name}-default-unused" })
}

resource "aws_subnet" "public" {
  count = var.zones

  vpc_id                  = aws_vpc.this.id
  cidr_block              = local.parts[4 + count.index]
  availability_zone       = local.zones[count.index]
  map_public_ip_on_launch = false

  tags = merge(var.tags, { Name = "${var.name}-public-${local.zones[count.index]}", Tier = "public" })
}

resource "aws_subnet" "private" {
  count = var.zones

  vpc_id                  = aws_vpc.this.id
  cidr_block              = local.parts[count.index]
  availability_zone       = local.zones[count.index]
  map_public_ip_on_launch = false

  tags = merge(var.tags, { Name = "${var.name}-private-${local.zones[count.index]}", Tier = "private" })
}

resource "aws_subnet" "data" {
  count = var.zones

  vpc_id                  = aws_vpc.this.id
  cidr_block              = local.parts[8 + count.index]
  availability_zone       = local.zones[count.index]
  map_public_ip_on_launch = false

  tags = merge(var.tags, { Name = "${var.name}-data-${local.zones[count.index]}", Tier = "data" })
}
