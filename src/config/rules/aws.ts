import { nearest } from "../nearest.ts";
import type { AwsEnvironmentConfig } from "../aws-config.ts";
import { describeKind, describeValue, type Path, type Problem } from "../problem.ts";
import { storageGb } from "../units.ts";
import { environmentsOf, isIncomplete, problem, type Draft, type Rule } from "./draft.ts";

/** The AWS part of every environment that has one, with its path. */
const awsPartsOf = (draft: Draft): [name: string, path: Path, aws: AwsEnvironmentConfig][] =>
  environmentsOf(draft).flatMap(([name, { aws }]) =>
    aws === undefined ? [] : [[name, ["environments", name, "aws"], aws]],
  );

/** What stands there is without effect, so whoever wrote it meant something else. */
const idle = (path: Path, value: unknown, reason: string, anchor: string): Problem =>
  problem({ path, found: describeKind(value), message: `has no effect: ${reason}`, anchor });

/** Sizes on AWS belong to an environment on AWS. */
export const awsNeedsPlatform: Rule = (draft) =>
  environmentsOf(draft).flatMap(([name, { platform, aws }]) =>
    aws === undefined || platform === "aws" || isIncomplete(draft, ["environments", name])
      ? []
      : [
          idle(
            ["environments", name, "aws"],
            aws,
            'the environment\'s platform is "local"; write platform: "aws"',
            "aws-environment",
          ),
        ],
  );

/** Only what the app has gets a size, or can be there already. */
export const awsPartsExist: Rule = (draft) => {
  const { config } = draft;
  const known = !isIncomplete(draft, []);
  return awsPartsOf(draft).flatMap(([, path, aws]): Problem[] => {
    const absent = (part: "database" | "cache", at: Path, value: unknown, anchor: string): Problem[] =>
      value === undefined || config[part] !== undefined || !known
        ? []
        : [idle(at, value, `the app has no ${part}`, anchor)];
    return [
      ...absent("database", [...path, "database"], aws.database, "aws-database"),
      ...absent("cache", [...path, "cache"], aws.cache, "aws-cache"),
      ...absent("database", [...path, "existing", "database"], aws.existing?.database, "aws-existing"),
      ...unknownBuckets(draft, [...path, "existing", "buckets"], aws.existing?.buckets),
    ];
  });
};

const unknownBuckets = ({ config, wrong }: Draft, path: Path, buckets: object | undefined): Problem[] => {
  const known = Array.isArray(config.buckets) ? config.buckets : Object.keys(config.buckets ?? {});
  if (wrong.some(([first]) => first === "buckets")) return [];
  return Object.keys(buckets ?? {})
    .filter((name) => !known.includes(name))
    .map((name) =>
      problem({
        path: [...path, name],
        found: `the name ${name}`,
        message: "is not a bucket of this app",
        allowed: known,
        didYouMean: nearest(name, known),
        anchor: "aws-existing",
      }),
    );
};

/** What is there already has its size, which is not changed. */
export const existingHasItsSize: Rule = (draft) =>
  awsPartsOf(draft).flatMap(([, path, { existing, network, database, parentZone }]) => [
    ...(existing?.zone === undefined || parentZone === undefined
      ? []
      : [idle([...path, "parentZone"], parentZone, "existing.zone is delegated already", "aws-environment")]),
    ...(existing?.vpc === undefined || network === undefined
      ? []
      : [idle([...path, "network"], network, "existing.vpc is used as it is", "aws-network")]),
    ...(existing?.database === undefined || database === undefined
      ? []
      : [idle([...path, "database"], database, "existing.database is used as it is", "aws-database")]),
  ]);

/** The load balancer only takes a certificate of its own region. */
export const certificateOfRegion: Rule = (draft) =>
  awsPartsOf(draft).flatMap(([, path, aws]): Problem[] => {
    const arn = aws.existing?.regionalCertificate;
    const region = aws.region ?? draft.config.aws?.region;
    const found = arn?.split(":")[3];
    if (arn === undefined || region === undefined || found === region) return [];
    const message = `is in ${found}, and the environment in ${region}`;
    const at = [...path, "existing", "regionalCertificate"];
    return [problem({ path: at, found: describeValue(arn), message, anchor: "aws-existing" })];
  });

/** Storage grows by a tenth at least, or not at all. */
export const storageGrows: Rule = (draft) =>
  awsPartsOf(draft).flatMap(([, path, { database }]): Problem[] => {
    if (database?.storage === undefined || database.maxStorage === undefined) return [];
    const [storage, most] = [storageGb(database.storage), storageGb(database.maxStorage)];
    if (most === storage || 10 * most >= 11 * storage) return [];
    const message =
      most < storage
        ? `is less than the storage, which is ${describeValue(database.storage)}`
        : `must be a tenth more than the storage at least, or the same: then it does not grow`;
    const found = describeValue(database.maxStorage);
    return [problem({ path: [...path, "database", "maxStorage"], found, message, anchor: "aws-database" })];
  });

const OWN_TAGS = ["Project", "Environment", "ManagedBy"];

/** By these tags everything that was made is found again. AWS tells tags apart by case in some places only. */
export const ownTags: Rule = ({ config }) =>
  Object.keys(config.aws?.tags ?? {}).flatMap((name): Problem[] => {
    const own = OWN_TAGS.find((tag) => tag.toLowerCase() === name.toLowerCase());
    if (own === undefined) return [];
    const message = `is reserved: Switchback sets the tag ${own} itself`;
    return [problem({ path: ["aws", "tags", name], found: `the name ${name}`, message, anchor: "aws" })];
  });
