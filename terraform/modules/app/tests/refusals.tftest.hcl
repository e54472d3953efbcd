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
