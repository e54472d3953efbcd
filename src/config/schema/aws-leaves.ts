import { z } from "zod";
import type { Storage } from "../aws-config.ts";
import { isPrivateBlock } from "../../domain/cidr.ts";
import { STORAGE, storageGb } from "../units.ts";
import { text } from "./leaves.ts";
import { leaf } from "./setting.ts";

export const awsRegion = leaf(text<string>(/^[a-z]{2}(-[a-z]+)+-\d$/), {
  expects: 'an AWS region, such as "eu-north-1"',
  type: "region",
});
/** Text: an account's id may begin with 0. */
export const account = leaf(text<string>(/^\d{12}$/), {
  expects: 'the id of an AWS account, such as "123456789012": twelve digits in quotes',
  type: "account id",
});
export const repository = leaf(
  text<string>(/^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}\/(?!\.\.?$)[A-Za-z0-9._-]{1,100}$/),
  {
    expects: 'a repository on GitHub, such as "octo-org/my-app": owner and name',
    type: "owner/name",
  },
);
/** What AWS takes in every service. */
export const tagName = leaf(
  text<string>(/^(?![Aa][Ww][Ss]:)[\p{L}\p{N}_.:/=+@-][\p{L}\p{N} _.:/=+@-]{0,127}$/u),
  {
    expects: "the name of a tag: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
    type: "tag",
  },
);
export const tagValue = leaf(text<string>(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u), {
  expects: "the value of a tag: at most 256 letters, digits, spaces and _.:/=+-@",
  type: "text",
});
const isBetween = (value: number, min: number, max: number): boolean => value >= min && value <= max;

const CIDR = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;

/** Sixteen subnets have to fit, each with the 16 addresses that AWS wants at least. */
export const cidr = leaf(
  text<string>(CIDR).refine((value) => !CIDR.test(value) || isPrivateBlock(value), {
    error:
      'must be a block of private addresses from /16 to /24 that begins where its size says, such as "10.0.0.0/16"',
  }),
  { expects: 'a block of private IPv4 addresses, such as "10.0.0.0/16"', type: "CIDR block" },
);
export const dbInstance = leaf(text<string>(/^db\.[a-z0-9-]+\.[a-z0-9]+$/), {
  expects: 'an RDS instance class, such as "db.t4g.micro"',
  type: "instance class",
});
export const cacheNode = leaf(text<string>(/^cache\.[a-z0-9]+\.[a-z0-9]+$/), {
  expects: 'an ElastiCache node type, such as "cache.t4g.micro"',
  type: "node type",
});
export const cacheVersion = leaf(text<string>(/^\d+(\.\d+)?$/), {
  expects: 'a version in quotes, such as "8.0"',
  type: "version",
});
export const storage = leaf(
  text<Storage>(STORAGE).refine((value) => !STORAGE.test(value) || isBetween(storageGb(value), 20, 65_536), {
    error: "must be from 20GB to 64TB",
  }),
  { expects: 'an amount of storage, such as "20GB" or "1TB"', type: "storage" },
);

const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const KNOWN_DAYS = `a number of days that CloudWatch knows: ${LOG_DAYS.join(", ")}`;
export const logDays = leaf(
  z.int().refine((value) => LOG_DAYS.includes(value), { error: `must be ${KNOWN_DAYS}` }),
  { expects: KNOWN_DAYS, type: "number" },
);

const id = (prefix: string, what: string) =>
  leaf(text<string>(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`)), {
    expects: `the id of a ${what}, such as "${prefix}-0a1b2c3d4e5f60718"`,
    type: `${what} id`,
  });
export const vpcId = id("vpc", "VPC");
export const subnetId = id("subnet", "subnet");
export const zoneId = leaf(text<string>(/^[A-Z0-9]{1,32}$/), {
  expects: 'the id of a Route 53 hosted zone, such as "Z0123456789ABCDEFGHIJ"',
  type: "hosted zone id",
});
const certificateIn = (region: string, words: string) =>
  leaf(text<string>(new RegExp(`^arn:aws[a-z-]*:acm:${region}:\\d{12}:certificate/[0-9a-z-]+$`)), {
    expects: `the ARN of an ACM certificate ${words}`,
    type: "certificate ARN",
  });
export const certificate = certificateIn(
  "us-east-1",
  'in us-east-1: "arn:aws:acm:us-east-1:…:certificate/…"',
);
export const regionalCertificate = certificateIn(
  "[a-z0-9-]+",
  'in the environment\'s region: "arn:aws:acm:<region>:…:certificate/…"',
);
export const clusterName = leaf(text<string>(/^[A-Za-z0-9_-]{1,255}$/), {
  expects: "the name of an ECS cluster: letters, digits, _ and -, no ARN",
  type: "cluster name",
});
export const dbIdentifier = leaf(text<string>(/^(?!.*--)(?!.*-$)[a-z][a-z0-9-]{0,62}$/), {
  expects: "the identifier of an RDS instance: lower-case letters, digits and single dashes, no ARN",
  type: "DB instance identifier",
});
export const email = leaf(text<string>(/^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$/), {
  expects: 'an e-mail address, such as "anna@example.com"',
  type: "e-mail address",
});
export const principal = leaf(text<string>(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[^\s*]+$/), {
  expects: 'the ARN of an IAM role or user, such as "arn:aws:iam::123456789012:role/people": no wildcard',
  type: "principal ARN",
});
export const oidcProvider = leaf(
  text<string>(
    /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com(\/[A-Za-z0-9-]+)?$/,
  ),
  {
    expects:
      'the ARN of GitHub\'s OIDC provider: "arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com"',
    type: "OIDC provider ARN",
  },
);
export const policyId = leaf(text<string>(/^[a-z0-9]+(-[a-z0-9]+)*$/), {
  expects: 'the id of a policy, such as "database-has-standby": docs/policies.md lists them',
  type: "policy id",
});
export const resourceAddress = leaf(text<string>(/^[^\s\p{Cc}]+$/u), {
  expects:
    'the address of a resource, such as "module.app.module.database[0].aws_db_instance.this", or a "*"',
  type: "resource address",
});
/** A name on the PATH, or a path. */
export const program = leaf(text<string>(/^(?!-)[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u), {
  expects: 'the name or path of a program, such as "tofu"',
  type: "program",
});

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** 2027-02-30 is none: it would be read as another day. */
const isDay = (value: string): boolean => {
  const atMs = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(value);
};
export const day = leaf(
  text<string>(DAY).refine((value) => !DAY.test(value) || isDay(value), {
    error: "must be a day that there is",
  }),
  { expects: 'a day, such as "2027-01-31"', type: "day" },
);
export const imageUri = leaf(
  text<string>(/^[^\s:@]+(:\d+)?\/[^\s:@]+(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/),
  {
    expects:
      'an image with registry and tag, such as "123456789012.dkr.ecr.eu-north-1.amazonaws.com/postgres:18"',
    type: "image",
  },
);
export const kmsKeyArn = leaf(text<string>(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-z-]+$/), {
  expects: 'the ARN of a KMS key: "arn:aws:kms:<region>:<account>:key/…"',
  type: "KMS key ARN",
});
