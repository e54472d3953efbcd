import { set, testViolations, unset } from "../testbed.ts";
import { tagRules } from "./tags.ts";

const KEY = "aws_kms_key.this";

testViolations(tagRules, [
  ["tagged-with-project", KEY, unset(KEY, "tags_all.Project")],
  ["tagged-with-environment", KEY, set(KEY, "tags_all.Environment", "staging")],
  ["tagged-with-manager", KEY, unset(KEY, "tags_all.ManagedBy")],
]);
