# Only the declaration of the variables (tests/shape leads to it): nothing to plan, so a refusal takes no time.

run "a_secret_with_a_dash_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", secrets = ["SESSION-SECRET"] } } }
  }

  expect_failures = [var.app]
}

run "a_site_with_a_capital_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", sites = { Frontend = {} } }
  }

  expect_failures = [var.app]
}

run "a_site_at_a_single_path_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", sites = { frontend = { route = "/admin" } } }
  }

  expect_failures = [var.app]
}

run "a_fallback_with_a_first_slash_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", sites = { frontend = { fallback = "/index.html" } } }
  }

  expect_failures = [var.app]
}

run "one_route_for_a_site_and_a_service_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { web = { route = "/*" } }, sites = { frontend = {} } }
  }

  expect_failures = [var.app]
}

run "one_route_for_two_services_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { a = { route = "/api/*" }, b = { route = "/api" } } }
  }

  expect_failures = [var.app]
}

run "a_public_bucket_at_a_services_route_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { uploads = { route = "/uploads/*" } }, buckets = { uploads = { public = true } } }
  }

  expect_failures = [var.app]
}

run "an_old_postgresql_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", database = { version = 12 } }
  }

  expect_failures = [var.app]
}

run "an_instance_class_that_is_none_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", database = { instance = "t4g.micro" } }
  }

  expect_failures = [var.app]
}

run "storage_below_20_gb_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", database = { storage_gb = 10 } }
  }

  expect_failures = [var.app]
}

run "storage_that_shrinks_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", database = { storage_gb = 100, max_storage_gb = 50 } }
  }

  expect_failures = [var.app]
}

run "a_database_without_backups_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", database = { backup_days = 0 } }
  }

  expect_failures = [var.app]
}

run "an_unknown_cache_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", cache = { engine = "memcached" } }
  }

  expect_failures = [var.app]
}

run "a_node_type_that_is_none_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", cache = { node = "t4g.micro" } }
  }

  expect_failures = [var.app]
}

run "six_replicas_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", cache = { replicas = 6 } }
  }

  expect_failures = [var.app]
}

run "a_bucket_with_a_capital_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", buckets = { Uploads = {} } }
  }

  expect_failures = [var.app]
}

run "a_rate_limit_below_10_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", waf = { rate_limit = 5 } }
  }

  expect_failures = [var.app]
}

run "a_vpc_with_one_subnet_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { vpc = { id = "vpc-1", public_subnets = ["a"], private_subnets = ["b", "c"], data_subnets = ["d", "e"] } } }
  }

  expect_failures = [var.app]
}

run "a_certificate_of_another_region_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { certificate = "arn:aws:acm:eu-north-1:123456789012:certificate/1" } }
  }

  expect_failures = [var.app]
}

run "a_regional_certificate_that_is_no_arn_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { regional_certificate = "origin.example.com" } }
  }

  expect_failures = [var.app]
}

run "a_zone_by_name_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { zone = "rideshare.example" } }
  }

  expect_failures = [var.app]
}

run "a_cluster_by_arn_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { cluster = "arn:aws:ecs:eu-north-1:123456789012:cluster/shared" } }
  }

  expect_failures = [var.app]
}

run "an_existing_database_of_an_app_without_one_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { database = "old-database" } }
  }

  expect_failures = [var.app]
}

run "an_existing_bucket_that_the_app_does_not_have_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", existing = { buckets = { uploads = "old-uploads" } } }
  }

  expect_failures = [var.app]
}

run "an_existing_public_bucket_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", buckets = { uploads = { public = true } }, existing = { buckets = { uploads = "old-uploads" } } }
  }

  expect_failures = [var.app]
}

run "an_address_that_is_none_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app          = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example" }
    alarm_emails = ["anna"]
  }

  expect_failures = [var.alarm_emails]
}

run "a_boundary_that_is_no_policy_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app                  = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example" }
    permissions_boundary = "arn:aws:iam::123456789012:role/boundary"
  }

  expect_failures = [var.permissions_boundary]
}
