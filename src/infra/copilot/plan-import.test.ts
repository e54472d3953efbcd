import { expect, test } from "vitest";
import { changed, planned, shop, stackFile, without } from "./testbed.ts";

const judged = (files = shop()) =>
  new Map(planned(files).resources.map((one) => [`${one.stack} ${one.logicalId}`, one]));

test("every resource of every stack has its outcome, and none of Copilot's own is unknown", () => {
  const { resources } = planned();
  const count = shop()
    .filter(({ path }) => path.endsWith(".json"))
    .reduce(
      (sum, { text }) => sum + (JSON.parse(text) as { StackResources: unknown[] }).StackResources.length,
      0,
    );
  expect(resources).toHaveLength(count);
  expect(resources.filter(({ why }) => why.startsWith("Copilot's own templates have no"))).toEqual([]);
  const decided = resources.filter(({ outcome }) => outcome === "by-hand");
  expect(decided.every(({ todo }) => todo !== null)).toBe(true);
  expect(decided.map(({ logicalId }) => logicalId)).toEqual([
    "ServiceDiscoveryNamespace",
    "MountTarget1",
    "EFSSecurityGroup",
    "DiscoveryService",
  ]);
});

test("network, cluster, zone and buckets are used as they are", () => {
  const { draft } = planned();
  expect(draft).toContain(`existing: {
          vpc: {
            id: "vpc-0a",
            publicSubnets: ["subnet-0a", "subnet-0b"],
            privateSubnets: ["subnet-0c", "subnet-0d"],
            dataSubnets: ["subnet-0c", "subnet-0d"],
          },
          zone: "Z0123456789ABC",
          cluster: "shop-test-Cluster-AbCdEfGh1234",
          buckets: {
            uploads: "shop-test-api-addonsstack-uploadsbucket-1a2b",
          },
        },`);
  expect(draft).toContain('buckets: ["uploads"]');
  expect(draft).toContain('region: "eu-north-1"');
  expect(draft).toContain('account: "123456789012"');
});

test("repositories of the services are taken over at once, by name", () => {
  expect(planned().files["infra/bootstrap/imports.tf"])
    .toBe(`# What Copilot made and Terraform takes over; the plan shows what it sets. Take the blocks away after the apply.

# StackSet-shop-infrastructure-0a1b2c3d: ECRRepoapi
# - from this apply on Copilot cannot push: tags become immutable, and it moves the tag latest
import {
  to = module.bootstrap.module.registry.aws_ecr_repository.this["api"]
  id = "shop/api"
}

# StackSet-shop-infrastructure-0a1b2c3d: ECRRepomailer
# - from this apply on Copilot cannot push: tags become immutable, and it moves the tag latest
import {
  to = module.bootstrap.module.registry.aws_ecr_repository.this["mailer"]
  id = "shop/mailer"
}
`);
});

test("until users are moved the environment has another name, because Copilot's record is there", () => {
  expect(planned().draft).toContain('domain: "next.shop.test.example.com"');
  expect(planned().warnings.join("\n")).toContain(
    "shop.test.example.com leads to Copilot until users are moved",
  );
});

test("what carries traffic waits, as a comment, until users are moved", () => {
  const text = planned().files["infra/test/imports.tf"]!;
  expect(text).toContain(`# import {
#   to = module.app.module.site[0].aws_cloudfront_distribution.this
#   id = "E1A2B3C4D5E6F7"
# }`);
  expect(text)
    .toContain(`#   to = module.app.module.site[0].aws_route53_record.alias["shop.test.example.com A"]
#   id = "Z0123456789ABC_shop.test.example.com_A"`);
  expect(text.split("\n").every((line) => line === "" || line.startsWith("#"))).toBe(true);
});

test.each([
  ["cartTable", "aws_dynamodb_table.cart_table", "shop-test-api-cart"],
  [
    "EventsQueue",
    "aws_sqs_queue.events_queue",
    "https://sqs.eu-north-1.amazonaws.com/123456789012/shop-test-mailer-EventsQueue-1A",
  ],
  [
    "eventsSNSTopic",
    "aws_sns_topic.events_sns_topic",
    "arn:aws:sns:eu-north-1:123456789012:shop-test-api-events",
  ],
  ["FileSystem", "aws_efs_file_system.file_system", "fs-0a"],
  ["mainDBCluster", "aws_rds_cluster.main_db_cluster", "shop-test-api-maindbcluster-1a"],
  [
    "mainDBWriterInstance",
    "aws_rds_cluster_instance.main_db_writer_instance",
    "shop-test-api-maindbwriterinstance-1a",
  ],
])("%s goes on as a resource of the user's own", (logicalId, to, id) => {
  const found = planned().resources.find((one) => one.logicalId === logicalId)!;
  expect(found.outcome).toBe("own");
  expect(found.import).toEqual({ root: "environment", to, id });
  expect(planned().files["infra/test/imports.tf"]).toContain(`#   to = ${to}\n`);
});

test("no address is imported to twice, and no address twice", () => {
  const targets = planned().resources.flatMap((one) => (one.import === undefined ? [] : [one.import.to]));
  expect(new Set(targets).size).toBe(targets.length);
});

test("a database that is no Aurora is used as it is", () => {
  const addons = "shop-test-api-AddonsStack-1A2B3C4D5E6F.json";
  const files = changed(addons, {
    drop: (id) => id.startsWith("mainDB"),
    add: [["ordersDB", "AWS::RDS::DBInstance", "shop-orders"]],
  });
  expect(judged(files).get("shop-test-api-AddonsStack-1A2B3C4D5E6F ordersDB")).toMatchObject({
    outcome: "adopt",
    setting: { name: "database", value: "shop-orders" },
  });
  expect(planned(files).draft).toContain('database: "shop-orders"');
  expect(planned(files).draft).toContain('database: "postgresql"');
});

test("of several distributions none is chosen", () => {
  const files = [
    ...shop(),
    stackFile("shop-test-site", [
      ["Bucket", "AWS::S3::Bucket", "shop-test-site-bucket"],
      ["CloudFrontDistribution", "AWS::CloudFront::Distribution", "E2"],
    ]),
  ];
  const found = planned(files).resources.filter(({ type }) => type === "AWS::CloudFront::Distribution");
  expect(found.map(({ outcome }) => outcome)).toEqual(["by-hand", "by-hand"]);
  expect(found[1]!.todo).toContain('id = "E2"');
});

test("what nobody can judge is said, and not left out", () => {
  const files = changed("shop-test-api.json", { add: [["Robot", "AWS::IoT::Thing", "robot"]] });
  expect(judged(files).get("shop-test-api Robot")).toMatchObject({ outcome: "by-hand" });
});

test("it is said when private subnets have no way out", () => {
  const files = changed("shop-test.json", { drop: (id) => id.startsWith("NatGateway") });
  expect(planned(files).warnings.join("\n")).toContain("private ones have no way out");
  expect(planned().warnings.join("\n")).not.toContain("private ones have no way out");
});

test("stacks that are not described are named, with the command for it", () => {
  const addons = "shop-test-api-AddonsStack-1A2B3C4D5E6F";
  expect(planned(without(`${addons}.json`)).warnings.join("\n")).toContain(
    `aws cloudformation describe-stack-resources --stack-name ${addons}`,
  );
  expect(planned(without("StackSet-shop-infrastructure-0a1b2c3d.json")).warnings.join("\n")).toContain(
    "StackSet-shop-infrastructure-",
  );
});

test("stacks of another app and of another environment are left alone", () => {
  const files = [...shop(), stackFile("shop-prod-api", [["Service", "AWS::ECS::Service", "x"]])];
  expect(planned(files).foreign).toEqual(["shop-prod-api"]);
  expect(planned(files).resources).toEqual(planned().resources);
});

test("without the environment's stack the command that describes it is named", () => {
  expect(() => planned(without("shop-test.json"))).toThrow(
    expect.objectContaining({
      code: "COPILOT_UNREADABLE",
      hint: expect.stringContaining("--stack-name APP-test"),
    }),
  );
});

test("list-stack-resources is read too, with the stack's name from the file's", () => {
  const files = shop().map((file) => {
    if (!file.path.endsWith(".json")) return file;
    const { StackResources } = JSON.parse(file.text) as { StackResources: Record<string, string>[] };
    const listed = StackResources.map(({ StackName: _, StackId: __, ...rest }) => rest);
    return { ...file, text: JSON.stringify({ StackResourceSummaries: listed }) };
  });
  const found = planned(files);
  expect(found.resources).toEqual(planned().resources);
  expect([found.region, found.account]).toEqual([null, null]);
});

test.each([
  ["{", "is not JSON"],
  ["{}", "is not what describe-stack-resources prints"],
  ['{"StackResources": 7}', "is not what describe-stack-resources prints"],
])("%s is refused with the file's name", (text, what) => {
  expect(() => planned([...shop(), { path: "broken.json", text }])).toThrow(
    expect.objectContaining({ code: "COPILOT_UNREADABLE", message: `broken.json ${what}.` }),
  );
});

test("what was deleted is not there", () => {
  const files = shop().map((file) =>
    file.path === "shop-test-mailer.json"
      ? { ...file, text: file.text.replaceAll("CREATE_COMPLETE", "DELETE_COMPLETE") }
      : file,
  );
  expect(planned(files).resources.filter(({ stack }) => stack === "shop-test-mailer")).toEqual([]);
});
