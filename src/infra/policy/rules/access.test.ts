import { plant, set, testViolations, unset, type Mutation } from "../testbed.ts";
import type { Json } from "../terraform-plan.ts";
import { accessRules } from "./access.ts";

const text = (statement: Json): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

/** The deployer's policy, with one statement more. */
const allow = (statement: { [key: string]: Json }): Mutation =>
  set("aws_iam_policy.deployer", "policy", text({ Effect: "Allow", ...statement }));
const trust = (statement: { [key: string]: Json }): Mutation =>
  set("aws_iam_role.monitoring", "assume_role_policy", text({ Effect: "Allow", ...statement }));

const DEPLOYER = "aws_iam_policy.deployer";
const PASSED = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
const TRUST = "data.aws_iam_policy_document.deployer_trust";

testViolations(
  accessRules.filter(({ id }) => id !== "policy-readable"),
  [
    ["policy-not-everything", DEPLOYER, allow({ Action: "*", Resource: "*" })],
    ["policy-not-whole-service", DEPLOYER, allow({ Action: ["ecs:*"], Resource: "*" })],
    [
      "policy-changes-named-data",
      'module.service["api"].aws_iam_role_policy.execution',
      set('module.service["api"].data.aws_iam_policy_document.execution', "statement.2.resources", ["*"]),
    ],
    ["policy-says-what-it-allows", DEPLOYER, allow({ NotAction: "iam:*", Resource: "*" })],
    [
      "policy-passes-roles-to-services",
      DEPLOYER,
      allow({ Action: "iam:PassRole", Resource: "*", Condition: PASSED }),
    ],
    [
      "policy-passes-roles-to-services",
      DEPLOYER,
      allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/shop-*" }),
    ],
    ["policy-raises-nobody", DEPLOYER, allow({ Action: "iam:PutRolePolicy", Resource: "*" })],
    [
      "trust-names-principals",
      "aws_iam_role.monitoring",
      trust({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    ],
    [
      "trust-names-principals",
      "aws_iam_role.monitoring",
      trust({ Action: "sts:AssumeRole", Principal: "*" }),
    ],
    [
      "resource-policy-names-principals",
      "aws_kms_key.this",
      set(
        "aws_kms_key.this",
        "policy",
        text({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Principal: "*" }),
      ),
    ],
    [
      "resource-policy-names-principals",
      "aws_sns_topic_policy.alarms",
      set("data.aws_iam_policy_document.alarms", "statement.0.principals.0.identifiers", ["*"]),
    ],
    [
      "web-identity-audience",
      "aws_iam_role.deployer",
      set(TRUST, "statement.0.condition.1.test", "StringLike"),
    ],
    [
      "web-identity-subject",
      "aws_iam_role.deployer",
      set(TRUST, "statement.0.condition.0.values", ["repo:example/*"]),
    ],
    [
      "web-identity-subject",
      "aws_iam_role.deployer",
      set(TRUST, "statement.0.condition.0.variable", "token.actions.githubusercontent.com:actor"),
    ],
    ["no-iam-users", "aws_iam_user.planted", plant("aws_iam_user", { name: "planted" })],
    ["no-access-keys", "aws_iam_access_key.planted", plant("aws_iam_access_key", { user: "planted" })],
    [
      "no-administrator",
      "aws_iam_role_policy_attachment.deployer",
      set(
        "aws_iam_role_policy_attachment.deployer",
        "policy_arn",
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ),
    ],
    [
      "role-has-boundary",
      "aws_iam_role.monitoring",
      unset("aws_iam_role.monitoring", "permissions_boundary"),
    ],
    [
      "session-an-hour",
      "aws_iam_role.monitoring",
      set("aws_iam_role.monitoring", "max_session_duration", 43200),
    ],
  ],
);
