import {
  AWS,
  broken,
  isOneOf,
  isSet,
  never,
  notKnown,
  type Check,
  type Rule,
  type Verdict,
} from "../rule.ts";
import { conditionOn, isAllow, isEveryone, statementsOf, type Statement } from "../policy-document.ts";
import { known, valueAt } from "../value-at.ts";
import { isWritten } from "../world.ts";

const IDENTITY: Record<string, string> = {
  aws_iam_policy: "policy",
  aws_iam_role_policy: "policy",
  aws_iam_group_policy: "policy",
};
const RESOURCE: Record<string, string> = {
  aws_sns_topic_policy: "policy",
  aws_sqs_queue_policy: "policy",
  aws_ecr_repository_policy: "policy",
  aws_kms_key: "policy",
  aws_kms_key_policy: "policy",
  aws_secretsmanager_secret_policy: "policy",
};
const TRUST: Record<string, string> = { aws_iam_role: "assume_role_policy" };
const EVERY: Record<string, string> = { ...IDENTITY, ...RESOURCE, ...TRUST, aws_s3_bucket_policy: "policy" };

/** Asked of each statement that can be seen; that a policy cannot be seen is said once, by policy-readable. */
const eachStatement =
  (
    paths: Record<string, string>,
    judge: (statement: Statement) => Omit<Verdict, "attribute"> | null,
  ): Check =>
  (resource, world) => {
    const path = paths[resource.type]!;
    return (statementsOf(resource, path, world) ?? []).flatMap((statement) => {
      const verdict = judge(statement);
      return verdict === null ? [] : [{ ...verdict, attribute: path }];
    });
  };

const bad = (is: string, shouldBe: string): Omit<Verdict, "attribute"> => ({ state: "broken", is, shouldBe });
const isWebIdentity = (one: Statement): boolean =>
  isAllow(one) && one.actions.includes("sts:AssumeRoleWithWebIdentity");
const conditionEnding = (one: Statement, end: string) =>
  one.conditions.filter(({ variable }) => variable.toLowerCase().endsWith(end));
/** `repo:owner/name:…` is one repository; `repo:owner/*` and `*` are not. */
const namesOne = (subject: string): boolean =>
  !/^(repo:)?[^:/]*\*/.test(subject) && !/^repo:[^/]+\/\*/.test(subject);

/** Everybody may do what he needs, and it says so. */
export const accessRules: Rule[] = [
  {
    id: "policy-readable",
    severity: "medium",
    title: "A policy can be judged before it is applied.",
    why: "A text that is put together from values that are known only later hides what it allows.",
    reference: `${AWS}/IAM/latest/UserGuide/access_policies_job-functions_create-policies.html`,
    types: Object.keys(EVERY),
    check: (resource, world) => {
      const path = EVERY[resource.type]!;
      if (valueAt(resource, path).state === "unknown" && !isWritten(resource, path)) return [];
      return statementsOf(resource, path, world) === null
        ? [notKnown(path, "known, or made by a aws_iam_policy_document")]
        : [];
    },
  },
  {
    id: "policy-not-everything",
    severity: "high",
    title: "No policy allows every action on everything.",
    why: "Whoever gets hold of the role owns the account.",
    reference: `${AWS}/IAM/latest/UserGuide/best-practices.html#grant-least-privilege`,
    types: Object.keys(IDENTITY),
    check: eachStatement(IDENTITY, (one) =>
      isAllow(one) && one.actions.includes("*") && one.resources.includes("*")
        ? bad("* on *", "the actions that are needed")
        : null,
    ),
  },
  {
    id: "policy-not-whole-service",
    severity: "high",
    title: "No policy allows every action of a service on all its resources.",
    why: "Deletion, and giving access to others, are among them.",
    reference: `${AWS}/IAM/latest/UserGuide/best-practices.html#grant-least-privilege`,
    types: Object.keys(IDENTITY),
    check: eachStatement(IDENTITY, (one) => {
      const wide = one.actions.filter((action) => /^[a-z0-9-]+:\*$/.test(action));
      return isAllow(one) && wide.length > 0 && one.resources.includes("*") && one.conditions.length === 0
        ? bad(`${wide.join(", ")} on *`, "the actions that are needed, or named resources")
        : null;
    }),
  },
  {
    id: "policy-changes-named-data",
    severity: "medium",
    title: "Secrets, keys and objects are given by name.",
    why: "A role that may read every secret reads those of the other apps too.",
    reference: `${AWS}/IAM/latest/UserGuide/reference_policies_elements_resource.html`,
    types: Object.keys(IDENTITY),
    check: eachStatement(IDENTITY, (one) => {
      const data = one.actions.filter((action) =>
        /^(s3:(Get|Put|Delete)Object|secretsmanager:(Get|Put)Secret|kms:(Decrypt|Encrypt|GenerateDataKey)|ssm:GetParameter|dynamodb:(Get|Put|Delete|Query|Scan))/.test(
          action,
        ),
      );
      return isAllow(one) && data.length > 0 && one.resources.includes("*") && one.conditions.length === 0
        ? bad(`${data.join(", ")} on *`, "named resources, or a condition")
        : null;
    }),
  },
  {
    id: "policy-says-what-it-allows",
    severity: "high",
    title: "No policy allows all but something.",
    why: "It also allows every action that AWS adds tomorrow.",
    reference: `${AWS}/IAM/latest/UserGuide/reference_policies_elements_notaction.html`,
    types: Object.keys(EVERY),
    check: eachStatement(EVERY, (one) =>
      isAllow(one) && (one.notActions.length > 0 || one.notResources.length > 0 || one.notPrincipals)
        ? bad("Allow with NotAction, NotResource or NotPrincipal", "Action, Resource and Principal")
        : null,
    ),
  },
  {
    id: "policy-passes-roles-to-services",
    severity: "high",
    title: "Roles are passed to named services, and not all of them.",
    why: "Whoever may pass any role may take any role.",
    reference: `${AWS}/IAM/latest/UserGuide/id_roles_use_passrole.html`,
    types: Object.keys(IDENTITY),
    check: eachStatement(IDENTITY, (one) => {
      const passes = one.actions.some((action) => /^iam:(\*|Pass(Role|\*))$/i.test(action));
      if (!isAllow(one) || !passes || one.resources.length === 0) return null;
      if (one.resources.includes("*")) return bad("iam:PassRole on *", "named roles");
      return conditionOn(one, "iam:PassedToService").length > 0
        ? null
        : bad("iam:PassRole to any service", "a condition on iam:PassedToService");
    }),
  },
  {
    id: "policy-raises-nobody",
    severity: "high",
    title: "No policy lets its holder give himself more, unless on named roles.",
    why: "A deployer that may write policies is an administrator.",
    reference: `${AWS}/IAM/latest/UserGuide/access_policies_boundaries.html`,
    types: Object.keys(IDENTITY),
    check: eachStatement(IDENTITY, (one) => {
      const raising = one.actions.filter((action) =>
        /^iam:(AttachRolePolicy|PutRolePolicy|CreatePolicyVersion|UpdateAssumeRolePolicy|CreateAccessKey|AttachUserPolicy)$/.test(
          action,
        ),
      );
      return isAllow(one) && raising.length > 0 && one.resources.includes("*")
        ? bad(`${raising.join(", ")} on *`, "named roles")
        : null;
    }),
  },
  {
    id: "trust-names-principals",
    severity: "high",
    title: "A role trusts named principals.",
    why: "Everybody with an AWS account could otherwise take it.",
    reference: `${AWS}/IAM/latest/UserGuide/reference_policies_elements_principal.html`,
    types: Object.keys(TRUST),
    check: eachStatement(TRUST, (one) =>
      isAllow(one) && one.principals.some(({ identifiers }) => isEveryone(identifiers))
        ? bad("everybody", "named principals")
        : null,
    ),
  },
  {
    id: "resource-policy-names-principals",
    severity: "high",
    title: "Keys, topics, queues, repositories and secrets are given to named principals.",
    why: "Everybody with an AWS account could otherwise use them.",
    reference: `${AWS}/IAM/latest/UserGuide/reference_policies_elements_principal.html`,
    types: Object.keys(RESOURCE),
    check: eachStatement(RESOURCE, (one) =>
      isAllow(one) &&
      one.principals.some(({ identifiers }) => isEveryone(identifiers)) &&
      !one.conditions.some(({ variable }) =>
        /^(aws:(SourceAccount|SourceArn|PrincipalOrgID|PrincipalAccount)|kms:CallerAccount)$/i.test(variable),
      )
        ? bad(`everybody may ${one.actions.join(", ")}`, "named principals, or a condition on the account")
        : null,
    ),
  },
  {
    id: "web-identity-audience",
    severity: "high",
    title: "A role for a pipeline asks for whom the token was made.",
    why: "A token that was made for another service would open it.",
    reference: `${AWS}/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html`,
    types: Object.keys(TRUST),
    check: eachStatement(TRUST, (one) =>
      isWebIdentity(one) && !conditionEnding(one, ":aud").some(({ test }) => test === "StringEquals")
        ? bad("any audience", "StringEquals on …:aud")
        : null,
    ),
  },
  {
    id: "web-identity-subject",
    severity: "high",
    title: "A role for a pipeline is for a named repository.",
    why: "Every repository of the world has tokens of the same provider.",
    reference: `${AWS}/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub`,
    types: Object.keys(TRUST),
    check: eachStatement(TRUST, (one) => {
      if (!isWebIdentity(one)) return null;
      const subjects = conditionEnding(one, ":sub")
        .filter(({ test }) => /String(Equals|Like)$/.test(test))
        .flatMap(({ values }) => values);
      const wide = subjects.filter((subject) => !namesOne(subject));
      if (subjects.length > 0 && wide.length === 0) return null;
      return bad(wide.length === 0 ? "any subject" : wide.join(", "), "repo:OWNER/NAME:…");
    }),
  },
  {
    id: "no-iam-users",
    severity: "high",
    title: "There are no IAM users.",
    why: "People come through IAM Identity Center, machines through roles; a user's keys never expire.",
    reference: `${AWS}/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp`,
    types: [
      "aws_iam_user",
      "aws_iam_user_policy",
      "aws_iam_user_policy_attachment",
      "aws_iam_user_login_profile",
    ],
    check: never("there", "a role"),
  },
  {
    id: "no-access-keys",
    severity: "high",
    title: "There are no access keys.",
    why: "They never expire, and this one is in the state.",
    reference: `${AWS}/IAM/latest/UserGuide/id_credentials_access-keys.html`,
    types: ["aws_iam_access_key"],
    check: never("there", "a role"),
  },
  {
    id: "no-administrator",
    severity: "high",
    title: "No role is an administrator.",
    why: "Whoever gets hold of it owns the account.",
    reference: `${AWS}/IAM/latest/UserGuide/access_policies_job-functions.html`,
    types: ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "aws_iam_group_policy_attachment"],
    check: (resource) => {
      const arn = String(known(resource, "policy_arn"));
      return /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(arn)
        ? [broken("policy_arn", arn, "a policy of its own")]
        : [];
    },
  },
  {
    id: "role-has-boundary",
    severity: "high",
    title: "A role carries a permissions boundary.",
    why: "Whoever may make roles could otherwise make one that is stronger than himself.",
    reference: `${AWS}/IAM/latest/UserGuide/access_policies_boundaries.html`,
    types: ["aws_iam_role"],
    check: isSet("permissions_boundary", "the boundary that bootstrap made", { optional: true }),
  },
  {
    id: "session-an-hour",
    severity: "low",
    title: "A role is taken for an hour at most.",
    why: "Credentials that leak are then worthless soon.",
    reference: `${AWS}/IAM/latest/UserGuide/id_roles_update-role-settings.html`,
    types: ["aws_iam_role"],
    // A pipeline watches a deployment for longer than that.
    when: (resource, world) =>
      !(statementsOf(resource, "assume_role_policy", world) ?? []).some(isWebIdentity),
    check: isOneOf("max_session_duration", 3600),
  },
];
