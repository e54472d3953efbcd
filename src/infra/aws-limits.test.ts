import { expect, test } from "vitest";
import { fullConfig, problemsIn, withValue } from "../config/testbed.ts";
import { isAppError } from "../domain/errors.ts";
import { definitionOf } from "../../test/helpers/infra-app.ts";
import { variablesFor } from "./variables.ts";

const problemsOf = (config: unknown, environment = "production"): string[] => {
  // All of it runs on one machine.
  expect(problemsIn(config)).toEqual([]);
  try {
    variablesFor(definitionOf(config), environment);
    return [];
  } catch (error) {
    if (!isAppError(error, "INFRA_SETTING")) throw error;
    return (error.context["problems"] as { setting: string; message: string }[]).map(
      ({ setting, message }) => `${setting} ${message}`,
    );
  }
};
const long = (length: number): string => "x".repeat(length);
const P = "environments.production";
const folder = (length: number): string => `/${long(length - 3)}/*`;

test.each([
  [
    `${P}.domain`,
    `${long(53)}.com`,
    `${long(54)}.com`,
    "has 58 characters; a certificate on AWS takes at most 57",
  ],
  [`${P}.domain`, "a.example", "a.x1", 'is "a.x1"; on AWS its last part has letters only'],
  ["sites.web.fallback", "a_b~c-1.html", "ä.html", 'is "ä.html"; on AWS it has letters'],
  ["services.api.route", "/hook", "/", 'is "/"; on AWS it is "/*", a folder'],
  ["services.api.route", "/v1/api/*", "/api/", 'is "/api/"; on AWS it is'],
  ["services.api.route", folder(128), folder(129), "has 129 characters; a listener rule takes at most 128"],
  ["sites.web.route", "/shop/*", "/shop", 'is "/shop"; on AWS it is "/*" or a folder'],
  [
    "services.api.health.path",
    "/a/b.c_d~e-f",
    "/health?deep=1",
    'is "/health?deep=1"; on AWS it has letters',
  ],
  ["database.version", 15, 14, "is 14; on AWS it is 15 or newer"],
  [`${P}.aws.cache.version`, "7.0", "8.0", "is 8.0; of redis there are 7.0, 7.1"],
  ["services.api.route", "/upload/*", "/uploads", "answers /uploads/*, and so does services.api.route"],
])("%s = %j is taken, %j is not", (setting, good, bad, expected) => {
  expect(problemsOf(withValue(fullConfig(), setting, good))).toEqual([]);
  expect(problemsOf(withValue(fullConfig(), setting, bad))).toEqual([expect.stringContaining(expected)]);
});

test("a route and the same one without its folder lead to one place on AWS, so only one of them may be there", () => {
  const config = withValue(fullConfig(), "services.mailer.route", "/api");
  expect(problemsOf(config)).toEqual([
    "services.mailer.route answers /api/*, and so does services.api.route: on AWS a path leads to one of them",
  ]);
});

test("a bucket that is public cannot be one that is there already", () => {
  const config = withValue(fullConfig(), "environments.staging.aws.existing.buckets", { uploads: "legacy" });
  expect(problemsOf(config, "staging")).toEqual([
    expect.stringMatching(
      /^environments\.staging\.aws\.existing\.buckets\.uploads is public in the configuration/,
    ),
  ]);
});

test("a worker's health path is no concern of a load balancer", () => {
  const config = withValue(fullConfig(), "services.mailer", { path: "m", command: "x" });
  expect(problemsOf(config)).toEqual([]);
});

test("everything is told at once", () => {
  let config: unknown = fullConfig();
  config = withValue(config, "database.version", 14);
  config = withValue(config, `${P}.aws.cache.version`, "8.0");
  config = withValue(config, `${P}.domain`, undefined);
  expect(problemsOf(config).map((text) => text.split(" ")[0])).toEqual([
    `${P}.domain`,
    "database.version",
    `${P}.aws.cache.version`,
  ]);
});

test("behind endpoints alone every image has to be in ECR of the region", () => {
  const behind = withValue(fullConfig(), `${P}.aws.network.egress`, "endpoints");
  expect(problemsOf(behind)).toEqual([]);
  const told = (path: string, value: unknown) => problemsOf(withValue(behind, path, value));
  expect(told(`${P}.aws.images`, undefined)).toMatchObject([
    expect.stringMatching(
      /^environments\.production\.aws\.images\.databaseRoles is a public image, .* in ECR of its/,
    ),
    expect.stringMatching(/^environments\.production\.aws\.images\.placeholder is a public image/),
  ]);
  expect(told(`${P}.aws.images.placeholder`, "ghcr.io/a/b:1")).toMatchObject([
    expect.stringContaining('is "ghcr.io/a/b:1"'),
  ]);
  const elsewhere = "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1";
  expect(told(`${P}.aws.images.databaseRoles`, elsewhere)).toHaveLength(1);
  expect(told("aws.registry.region", "eu-south-1")).toMatchObject([
    expect.stringContaining("the app's images are in eu-south-1"),
  ]);
});
