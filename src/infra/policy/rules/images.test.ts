import { remove, set, testViolations } from "../testbed.ts";
import { imageRules } from "./images.ts";

const API = 'module.service["api"]';
const REPOSITORY = `${API}.aws_ecr_repository.this`;
const TASK = `${API}.aws_ecs_task_definition.this`;
const ROLE = "arn:aws:iam::123456789012:role/shop";
const container = (more: object): string =>
  JSON.stringify([{ name: "app", image: "app", logConfiguration: { logDriver: "awslogs" }, ...more }]);

testViolations(imageRules, [
  ["image-tags-immutable", REPOSITORY, set(REPOSITORY, "image_tag_mutability", "MUTABLE")],
  ["images-scanned", REPOSITORY, set(REPOSITORY, "image_scanning_configuration.0.scan_on_push", false)],
  ["images-expire", REPOSITORY, remove(`${API}.aws_ecr_lifecycle_policy.this`)],
  ["task-roles-apart", TASK, set(TASK, "task_role_arn", ROLE), set(TASK, "execution_role_arn", ROLE)],
  ["task-not-privileged", TASK, set(TASK, "container_definitions", container({ privileged: true }))],
  [
    "task-secrets-by-reference",
    TASK,
    set(
      TASK,
      "container_definitions",
      container({ environment: [{ name: "DB_PASSWORD", value: "swordfish" }] }),
    ),
  ],
  ["task-own-network", TASK, set(TASK, "network_mode", "bridge")],
]);
