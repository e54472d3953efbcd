# Only the declaration of the variables (tests/shape leads to it): nothing to plan, so a refusal takes no time.

run "a_name_with_a_capital_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "Rideshare", environment = "staging", domain = "rideshare.example" }
  }

  expect_failures = [var.app]
}

run "an_environment_with_an_underscore_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "my_staging", domain = "rideshare.example" }
  }

  expect_failures = [var.app]
}

run "names_longer_than_32_together_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare-international", environment = "staging-two", domain = "rideshare.example" }
  }

  expect_failures = [var.app]
}

run "a_domain_with_a_scheme_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "https://rideshare.example" }
  }

  expect_failures = [var.app]
}

run "log_days_that_cloudwatch_does_not_know_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", log_days = 31 }
  }

  expect_failures = [var.app]
}

run "a_cidr_that_is_none_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { cidr = "10.0.0.0" } }
  }

  expect_failures = [var.app]
}

run "a_cidr_that_is_too_small_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { cidr = "10.0.0.0/28" } }
  }

  expect_failures = [var.app]
}

run "four_zones_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { zones = 4 } }
  }

  expect_failures = [var.app]
}

run "an_unknown_egress_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { egress = "direct" } }
  }

  expect_failures = [var.app]
}

run "a_service_with_a_capital_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { Api = { route = "/api/*" } } }
  }

  expect_failures = [var.app]
}

run "a_service_with_a_long_name_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { a-service-with-a-long-name = { route = "/api/*" } } }
  }

  expect_failures = [var.app]
}

run "an_unknown_kind_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { kind = "cron", route = "/api/*" } } }
  }

  expect_failures = [var.app]
}

run "a_web_service_without_a_route_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = {} } }
  }

  expect_failures = [var.app]
}

run "a_worker_with_a_route_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { kind = "worker", route = "/api/*" } } }
  }

  expect_failures = [var.app]
}

run "a_route_with_a_star_inside_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*/v1" } } }
  }

  expect_failures = [var.app]
}

run "a_port_above_65535_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", port = 70000 } } }
  }

  expect_failures = [var.app]
}

run "memory_that_fargate_does_not_offer_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", memory = 600 } } }
  }

  expect_failures = [var.app]
}

run "cpu_that_fargate_does_not_offer_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", cpu = 300 } } }
  }

  expect_failures = [var.app]
}

run "half_an_instance_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", instances = 0.5 } } }
  }

  expect_failures = [var.app]
}

run "a_stop_beyond_two_minutes_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", stop_seconds = 121 } } }
  }

  expect_failures = [var.app]
}

run "a_health_path_without_a_slash_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", health = { path = "health" } } } }
  }

  expect_failures = [var.app]
}

run "a_health_timeout_as_long_as_the_interval_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", health = { timeout_seconds = 10 } } } }
  }

  expect_failures = [var.app]
}

run "healthy_after_one_answer_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", health = { healthy_after = 1 } } } }
  }

  expect_failures = [var.app]
}

run "unhealthy_after_eleven_answers_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", health = { unhealthy_after = 11 } } } }
  }

  expect_failures = [var.app]
}

run "a_start_beyond_two_hours_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", health = { start_seconds = 7201 } } } }
  }

  expect_failures = [var.app]
}

run "scaling_below_the_instances_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", instances = 3, scaling = { max = 2 } } } }
  }

  expect_failures = [var.app]
}

run "scaling_that_holds_95_percent_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", services = { api = { route = "/api/*", scaling = { max = 2, cpu_percent = 95 } } } }
  }

  expect_failures = [var.app]
}

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

# Otherwise everything above would be refused as well if nothing were ever accepted.
run "the_smallest_app_is_accepted" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example" }
  }

  assert {
    condition     = var.app.protect && var.app.log_days == 30 && var.app.network.egress == "nat" && var.app.database == null
    error_message = "Nothing but names is needed."
  }
}
