# Only the declaration of the variables (tests/shape leads to it): nothing to plan, so a refusal takes no time.

run "images_in_ecr_behind_endpoints_are_taken" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { egress = "endpoints" }, database = {}, services = { api = { route = "/*" } }, images = { placeholder = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/busybox:1", database_roles = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/ecr-public/docker/library/postgres:18" } }
  }

  assert {
    condition     = var.app.images.placeholder != null
    error_message = "They are in reach."
  }
}

run "an_account_of_images_with_letters_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", registry = { account = "shared" } }
  }

  expect_failures = [var.app]
}

run "a_region_of_images_that_is_none_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", registry = { region = "Stockholm" } }
  }

  expect_failures = [var.app]
}

run "the_alias_of_a_key_of_images_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", registry = { kms_key = "alias/images" } }
  }

  expect_failures = [var.app]
}

run "a_repository_of_no_service_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", registry = { repositories = { api = "shared/api" } } }
  }

  expect_failures = [var.app]
}

run "a_public_image_for_the_roles_behind_endpoints_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { egress = "endpoints" }, database = {}, images = { placeholder = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/busybox:1" } }
  }

  expect_failures = [var.app]
}

run "a_public_placeholder_behind_endpoints_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", network = { egress = "endpoints" }, services = { api = { route = "/*" } }, images = { placeholder = "ghcr.io/a/busybox:1" } }
  }

  expect_failures = [var.app]
}

run "a_parent_zone_by_its_name_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", dns = { parent_zone = "rideshare.example" } }
  }

  expect_failures = [var.app]
}

run "a_parent_zone_of_a_zone_that_is_there_is_refused" {
  command = plan

  module {
    source = "./tests/shape"
  }

  variables {
    app = { name = "rideshare", environment = "staging", domain = "staging.rideshare.example", dns = { parent_zone = "Z1" }, existing = { zone = "Z2" } }
  }

  expect_failures = [var.app]
}
