locals {
  makes_provider    = var.repository != null && var.oidc_provider == null
  oidc_provider_arn = var.repository == null ? null : local.makes_provider ? aws_iam_openid_connect_provider.github[0].arn : var.oidc_provider.arn
  oidc_host         = "token.actions.githubusercontent.com"

  # Below a path of their own, so that no role of an environment can be mistaken for one of them: iam:PassRole and the rights to make
  # roles name role/<app>-<environment>-*, which holds no path.
  path = "/switchback/"

  trusts = merge([
    for environment, it in var.environments : {
      "${environment}-infra"  = coalesce(it.infra_from, [environment])
      "${environment}-deploy" = coalesce(it.deploy_from, [environment])
    }
  ]...)
}

# AWS checks GitHub's certificate by its own list of authorities, so there is no thumbprint to keep up to date.
resource "aws_iam_openid_connect_provider" "github" {
  count = local.makes_provider ? 1 : 0

  url            = "https://${local.oidc_host}"
  client_id_list = ["sts.amazonaws.com"]

  tags = var.tags
}

data "aws_iam_policy_document" "trust" {
  for_each = local.trusts

  dynamic "statement" {
    for_each = var.repository == null ? [] : [1]

    content {
      sid     = "WorkflowsOfTheRepository"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [local.oidc_provider_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.oidc_host}:aud"
        values   = ["sts.amazonaws.com"]
      }

      # A GitHub environment's rules (branches, reviewers) hold only for jobs that name it, so nothing else of the repository is trusted.
      condition {
        test     = "StringEquals"
        variable = "${local.oidc_host}:sub"
        values   = [for from in each.value : "repo:${var.repository}:environment:${from}"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.trusted_principals) == 0 ? [] : [1]

    content {
      sid     = "People"
      actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]

      principals {
        type        = "AWS"
        identifiers = var.trusted_principals
      }
    }
  }
}

resource "aws_iam_role" "infra" {
  for_each = var.environments

  name                 = "${var.app}-${each.key}-infra"
  path                 = local.path
  description          = "Plans and applies the infrastructure of ${var.app} ${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust["${each.key}-infra"].json
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = var.session_seconds

  tags = merge(var.tags, { Environment = each.key })
}

resource "aws_iam_role_policy" "infra" {
  for_each = var.environments

  name   = "infra"
  role   = aws_iam_role.infra[each.key].id
  policy = data.aws_iam_policy_document.infra[each.key].minified_json
}

resource "aws_iam_role" "deploy" {
  for_each = var.environments

  name                 = "${var.app}-${each.key}-deploy"
  path                 = local.path
  description          = "Deploys ${var.app} to ${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust["${each.key}-deploy"].json
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = var.session_seconds

  tags = merge(var.tags, { Environment = each.key })
}

resource "aws_iam_role_policy" "deploy" {
  for_each = var.environments

  name   = "deploy"
  role   = aws_iam_role.deploy[each.key].id
  policy = data.aws_iam_policy_document.deploy[each.key].minified_json
}
