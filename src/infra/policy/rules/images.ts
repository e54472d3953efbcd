import { AWS, broken, companion, isOneOf, isTrue, type Rule } from "../rule.ts";
import { containersOf } from "../containers.ts";
import { known, valueAt } from "../value-at.ts";

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY)/i;

/** What runs is what was built, and can do no more than it has to. */
export const imageRules: Rule[] = [
  {
    id: "image-tags-immutable",
    severity: "high",
    title: "An image's tag is never given to another image.",
    why: "A rollback would otherwise start something else than what served before.",
    reference: `${AWS}/AmazonECR/latest/userguide/image-tag-mutability.html`,
    types: ["aws_ecr_repository"],
    check: isOneOf("image_tag_mutability", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
  },
  {
    id: "images-scanned",
    severity: "medium",
    title: "Images are scanned when they are pushed.",
    why: "A known hole in a library is found before somebody uses it.",
    reference: `${AWS}/AmazonECR/latest/userguide/image-scanning.html`,
    types: ["aws_ecr_repository"],
    check: isTrue("image_scanning_configuration.0.scan_on_push"),
  },
  {
    id: "images-expire",
    severity: "low",
    title: "Images that nobody needs expire.",
    why: "They are paid for, and a repository is full at some point.",
    reference: `${AWS}/AmazonECR/latest/userguide/LifecyclePolicies.html`,
    types: ["aws_ecr_repository"],
    check: companion("aws_ecr_lifecycle_policy", "repository"),
  },
  {
    id: "task-roles-apart",
    severity: "high",
    title: "A task's own role is not the role that starts it.",
    why: "The app could otherwise read every secret that any start needs.",
    reference: `${AWS}/AmazonECS/latest/developerguide/security-iam-roles.html`,
    types: ["aws_ecs_task_definition"],
    check: (resource, world) => {
      const own = valueAt(resource, "task_role_arn");
      const starts = valueAt(resource, "execution_role_arn");
      const same =
        own.state === "known" && starts.state === "known"
          ? own.value === starts.value
          : own.state === "unknown" &&
            starts.state === "unknown" &&
            (world.linked(resource, "task_role_arn") ?? []).some(
              (role) =>
                role.type === "aws_iam_role" &&
                (world.linked(resource, "execution_role_arn") ?? []).includes(role),
            );
      return same ? [broken("task_role_arn", "the execution role", "a role of its own")] : [];
    },
  },
  {
    id: "task-not-privileged",
    severity: "high",
    title: "No container is privileged.",
    why: "It could leave its task.",
    reference: `${AWS}/AmazonECS/latest/developerguide/security-tasks-containers.html`,
    types: ["aws_ecs_task_definition"],
    check: (resource) =>
      (containersOf(resource) ?? [])
        .filter(({ isPrivileged }) => isPrivileged)
        .map(({ name }) => broken("container_definitions", `${name} privileged`, "not privileged")),
  },
  {
    id: "task-secrets-by-reference",
    severity: "high",
    title: "A container gets secrets by reference.",
    why: "A variable in the clear is shown to everybody who may look at the task definition.",
    reference: `${AWS}/AmazonECS/latest/developerguide/specifying-sensitive-data.html`,
    types: ["aws_ecs_task_definition"],
    check: (resource) =>
      (containersOf(resource) ?? []).flatMap(({ name, variables }) => {
        const secret = variables.filter(
          (variable) => SECRET_NAME.test(variable) && !/_(ARN|NAME|ID|VERSION)$/.test(variable),
        );
        return secret.length === 0
          ? []
          : [broken("container_definitions", `${name} has ${secret.join(", ")} in the clear`, "secrets")];
      }),
  },
  {
    id: "task-own-network",
    severity: "medium",
    title: "A task has a network of its own.",
    why: "Its security group is then its own too.",
    reference: `${AWS}/AmazonECS/latest/developerguide/task-networking-awsvpc.html`,
    types: ["aws_ecs_task_definition"],
    when: (resource) => known(resource, "network_mode") !== null,
    check: isOneOf("network_mode", "awsvpc"),
  },
];
