# The real provider, offline: it makes policy texts, and asks nobody.
provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-north-1:123456789012:key/made", key_id = "made" }
}

override_resource {
  target          = aws_iam_policy.boundary
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" }
}

override_resource {
  target          = aws_iam_openid_connect_provider.github
  override_during = plan
  values          = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
}

override_data {
  target = module.registry.data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

variables {
  app          = "rideshare"
  environments = { staging = {} }
  services     = ["api"]
  repository   = "octo/rideshare"
}

run "only_jobs_of_the_environment_take_its_roles" {
  command = plan
  assert {
    condition     = jsondecode(data.aws_iam_policy_document.trust["staging-deploy"].json).Statement == [{ Sid = "WorkflowsOfTheRepository", Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }, Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = "repo:octo/rideshare:environment:staging" } } }]
    error_message = "Audience and subject are equal, not alike."
  }
  assert {
    condition     = data.aws_iam_policy_document.trust["staging-infra"].json == data.aws_iam_policy_document.trust["staging-deploy"].json
    error_message = "Both roles are trusted to the same environment by default."
  }
}

run "other_environments_of_github_and_people" {
  command = plan
  variables {
    environments       = { staging = { infra_from = ["staging-infra"], deploy_from = ["staging", "staging-nightly"] } }
    trusted_principals = ["arn:aws:iam::123456789012:role/People"]
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.trust["staging-infra"].json).Statement : it if it.Sid == "WorkflowsOfTheRepository"]).Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:octo/rideshare:environment:staging-infra"
    error_message = "infra_from names the GitHub environment."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.trust["staging-deploy"].json).Statement : it if it.Sid == "WorkflowsOfTheRepository"]).Condition.StringEquals["token.actions.githubusercontent.com:sub"]) == toset(["repo:octo/rideshare:environment:staging", "repo:octo/rideshare:environment:staging-nightly"])
    error_message = "deploy_from may name several."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.trust["staging-deploy"].json).Statement : it if it.Sid == "People"]).Principal.AWS == "arn:aws:iam::123456789012:role/People"
    error_message = "People take the roles as well."
  }
}

run "the_store_is_only_added_to" {
  command = plan
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "LogIsOnlyAddedTo"]) == { Sid = "LogIsOnlyAddedTo", Effect = "Deny", Action = "s3:PutObject", Principal = "*", Resource = "arn:aws:s3:::switchback-store-123456789012-eu-north-1/*/environments/*/log/*", Condition = { Null = { "s3:if-none-match" = "true" } } }
    error_message = "An entry of a log can be created and not replaced."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "NothingIsDeleted"]).Effect == "Deny" && one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "NothingIsDeleted"]).Principal == "*" && contains(one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "NothingIsDeleted"]).Action, "s3:DeleteObjectVersion") && one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "NothingIsDeleted"]).Resource == "arn:aws:s3:::switchback-store-123456789012-eu-north-1/*"
    error_message = "Nobody deletes."
  }
  assert {
    condition     = [for it in jsondecode(data.aws_iam_policy_document.bucket["state"].json).Statement : it.Sid] == ["OnlyEncrypted"] && one([for it in jsondecode(data.aws_iam_policy_document.bucket["state"].json).Statement : it if it.Sid == "OnlyEncrypted"]).Condition == { Bool = { "aws:SecureTransport" = "false" } }
    error_message = "States travel by TLS; locks are deleted."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "OnlyEncrypted"]).Effect == "Deny" && one([for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it if it.Sid == "OnlyEncrypted"]).Principal == "*"
    error_message = "So does the store."
  }
}

run "without_protection_the_store_can_be_emptied" {
  command = plan
  variables {
    protect = false
  }
  assert {
    condition     = [for it in jsondecode(data.aws_iam_policy_document.bucket["store"].json).Statement : it.Sid] == ["OnlyEncrypted", "LogIsOnlyAddedTo"]
    error_message = "For a destroy."
  }
}

run "a_deployer_does_what_a_deployment_does" {
  command = plan
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "ReadAndWriteTheStore"]).Resource) == toset([for key in ["environments/staging/*", "releases/*", "switchback-store.json"] : "arn:aws:s3:::switchback-store-123456789012-eu-north-1/rideshare/${key}"]) && toset(one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "ReadAndWriteTheStore"]).Action) == toset(["s3:GetObject", "s3:PutObject"])
    error_message = "It writes its own environment's log."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "LogIsNeverDeleted"]).Effect == "Deny" && contains(one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "LogIsNeverDeleted"]).Action, "s3:DeleteObject")
    error_message = "It deletes nothing of it."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PassTheEnvironmentsRoles"]).Condition.StringEquals["iam:PassedToService"]) == toset(["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]) && one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PassTheEnvironmentsRoles"]).Resource == "arn:aws:iam::123456789012:role/rideshare-staging-*" && one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PassTheEnvironmentsRoles"]).Action == "iam:PassRole"
    error_message = "It passes the environment's roles, to ECS alone."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PushImages"]).Resource == "arn:aws:ecr:eu-north-1:123456789012:repository/rideshare/*" && !contains(one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PushImages"]).Action, "ecr:BatchDeleteImage")
    error_message = "It pushes the app's images, and deletes none."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "ReadSecrets"]).Resource == "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rideshare/staging/*" && !anytrue([for action in one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "ReadSecrets"]).Action : strcontains(action, "Put") || strcontains(action, "Delete")])
    error_message = "It reads the environment's secrets."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "ReadTheContract"]).Resource == "arn:aws:ssm:eu-north-1:123456789012:parameter/switchback/rideshare/staging/*"
    error_message = "It reads the contract."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PublishSites"]).Resource == "arn:aws:s3:::rideshare-staging-site*/*"
    error_message = "It publishes sites, and touches no other bucket."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "InvalidateTheEdge"]).Condition.StringEquals == { "aws:ResourceTag/Project" = "rideshare", "aws:ResourceTag/Environment" = "staging" }
    error_message = "It invalidates the environment's distribution."
  }
  assert {
    condition     = toset([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it.Sid if it.Effect == "Allow" && it.Resource == "*"]) == toset(["LogInToTheRegistry", "DescribeWhatHasNoResource"])
    error_message = "Where every resource is meant, AWS knows no other way."
  }
  assert {
    condition     = alltrue([for action in one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "DescribeWhatHasNoResource"]).Action : can(regex(":(Describe|Get|List)", action)) || action == "ecs:DeregisterTaskDefinition"])
    error_message = "And nearly all of that reads."
  }
  assert {
    condition     = !anytrue([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : anytrue([for action in flatten([it.Action]) : strcontains(action, "*")]) if it.Effect == "Allow"])
    error_message = "No action is a wildcard."
  }
  assert {
    condition     = length(data.aws_iam_policy_document.deploy["staging"].minified_json) < 10240 && length(data.aws_iam_policy_document.infra["staging"].minified_json) < 10240 && length(data.aws_iam_policy_document.boundary.minified_json) < 6144
    error_message = "Policies are within what IAM takes."
  }
}

run "images_of_another_account_and_buckets_without_a_key" {
  command = plan
  variables {
    registry_account = "210987654321"
    encryption       = "AES256"
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it if it.Sid == "PushImages"]).Resource == "arn:aws:ecr:eu-north-1:210987654321:repository/rideshare/*" && !contains([for it in jsondecode(data.aws_iam_policy_document.deploy["staging"].json).Statement : it.Sid], "UseTheStoresKey")
    error_message = "The deployer reaches the other account's repositories, and needs no key."
  }
}

run "an_infra_role_builds_one_environment" {
  command = plan
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ReadAndWriteTheState"]).Resource == "arn:aws:s3:::switchback-state-123456789012-eu-north-1/rideshare/staging/*" && one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "Unlock"]).Resource == "arn:aws:s3:::switchback-state-123456789012-eu-north-1/rideshare/staging/*.tflock"
    error_message = "It writes its own state, and deletes its own lock alone."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "RolesThatGain"]).Condition == { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/switchback/rideshare-boundary" } } && one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "RolesThatGain"]).Resource == "arn:aws:iam::123456789012:role/rideshare-staging-*"
    error_message = "Roles that it makes are below its prefix, and carry the boundary."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ProtectOthersByProject"]).Effect == "Deny" && one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ProtectOthersByProject"]).Condition == { StringNotEquals = { "aws:ResourceTag/Project" = "rideshare" } } && one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ProtectOthersByEnvironment"]).Condition == { StringNotEquals = { "aws:ResourceTag/Environment" = "staging" } } && contains(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ProtectOthersByEnvironment"]).Action, "rds:DeleteDBInstance") && contains(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "ProtectOthersByEnvironment"]).Resource, "arn:aws:rds:*:123456789012:db:*")
    error_message = "Databases and keys of others are safe from it."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "Buckets"]).Resource) == toset(["arn:aws:s3:::rideshare-staging-*", "arn:aws:s3:::rideshare-staging-*/*"])
    error_message = "Buckets are the environment's."
  }
  assert {
    condition     = contains(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "PassTheEnvironmentsRoles"]).Condition.StringEquals["iam:PassedToService"], "vpc-flow-logs.amazonaws.com")
    error_message = "It passes roles to the services that the modules use."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "BuildTheEnvironment"]).Condition.StringEquals["aws:RequestedRegion"]) == toset(["eu-north-1", "us-east-1"])
    error_message = "It works in its region, and where global services answer."
  }
}

run "without_the_boundary_on_new_roles" {
  command = plan
  variables {
    require_boundary = false
  }
  assert {
    condition     = !can(one([for it in jsondecode(data.aws_iam_policy_document.infra["staging"].json).Statement : it if it.Sid == "RolesThatGain"]).Condition)
    error_message = "Where it is turned off, any role below the prefix can be made."
  }
}

run "the_boundary_caps" {
  command = plan
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : it if it.Sid == "WhatBootstrapMadeStays"]).Effect == "Deny" && toset(one([for it in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : it if it.Sid == "WhatBootstrapMadeStays"]).Resource) == toset(["arn:aws:iam::123456789012:policy/switchback/*", "arn:aws:iam::123456789012:role/switchback/*"])
    error_message = "What bootstrap made can't be changed by what it caps."
  }
  assert {
    condition     = one([for it in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : it if it.Sid == "TheBoundaryStays"]).Action == "iam:DeleteRolePermissionsBoundary" && contains(one([for it in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : it if it.Sid == "NoNewIdentities"]).Action, "iam:*AccessKey*")
    error_message = "It can't be taken off, and nobody makes users or keys."
  }
  assert {
    condition     = toset(one([for it in jsondecode(data.aws_iam_policy_document.boundary.json).Statement : it if it.Sid == "LogIsNeverDeleted"]).Resource) == toset(["arn:aws:s3:::switchback-store-123456789012-eu-north-1/*/log/*", "arn:aws:s3:::switchback-store-123456789012-eu-north-1/*/releases/*"])
    error_message = "The log is never deleted."
  }
}
