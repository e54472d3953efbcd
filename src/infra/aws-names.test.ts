import { expect, test } from "vitest";
import type { AppConfig } from "../config/app-config.ts";
import { problemsIn, smallConfig } from "../config/testbed.ts";
import { cutNames, nameProblems } from "./aws-names.ts";
import { definitionOf } from "../../test/helpers/infra-app.ts";

const aws = { platform: "aws" as const };
const configWith = (changes: Partial<AppConfig>) => ({ ...smallConfig(), ...changes });
const problemsOf = (changes: Partial<AppConfig>, environment = "staging"): string[] => {
  const config = configWith({ environments: { [environment]: aws }, ...changes });
  expect(problemsIn(config)).toEqual([]);
  return nameProblems(definitionOf(config), environment).map(
    ({ setting, message }) => `${setting} ${message}`,
  );
};
const long = (length: number): string => "x".repeat(length);
const service = { path: "a", command: "x" };

test("names as they usually are make no problem", () => {
  expect(problemsOf({ sites: { web: { path: "w", route: "/w/*" } }, buckets: ["uploads"] })).toEqual([]);
});

test("app and environment together have 32 characters", () => {
  expect(problemsOf({ name: long(11) }, long(20))).toEqual([]);
  expect(problemsOf({ name: long(12) }, long(20))).toEqual([
    expect.stringMatching(
      /^environments\.x{20} makes names that begin with "x+-x+", 33 characters; load balancers on AWS have at most 32: shorten/,
    ),
  ]);
});

test.each([
  ["a service", { services: { [long(19)]: service } }, { services: { [long(20)]: service } }, 19],
  ["a site", { sites: { [long(19)]: { path: "w" } } }, { sites: { [long(20)]: { path: "w" } } }, 19],
  ["a bucket", { buckets: [long(18)] }, { buckets: [long(19)] }, 18],
])("the name of %s has a longest", (_what, good, bad, most) => {
  const routed = { services: { api: { ...service, route: "/api/*" } } };
  expect(problemsOf({ ...routed, ...good })).toEqual([]);
  expect(problemsOf({ ...routed, ...bad })).toEqual([
    expect.stringContaining(`has a name of ${most + 1} characters; on AWS it has at most ${most}`),
  ]);
});

test("an environment's name has 20 characters", () => {
  expect(problemsOf({ name: "ab" }, long(20))).toEqual([]);
  expect(problemsOf({ name: "ab" }, long(21))).toEqual([
    expect.stringMatching(/^environments\.x{21} has a name of 21 characters; on AWS it has at most 20$/),
  ]);
});

test.each([
  [{ name: "my--shop" }, "staging", 'name is called "my--shop"; on AWS a name has single dashes'],
  [{ name: "shop-" }, "staging", 'name is called "shop-"'],
  [{}, "eu-", 'environments.eu- is called "eu-"'],
  [{ services: { "api-": service } }, "staging", 'services.api- is called "api-"'],
  [{ name: "s" }, "staging", 'name is called "s"; on AWS the name has 2 characters or more'],
  [{}, "p", 'environments.p is called "p"'],
])("%j in %s is refused", (changes, environment, expected) => {
  expect(problemsOf(changes, environment)).toEqual([expect.stringContaining(expected)]);
});

test("the target groups whose names are cut are named, and workers have none", () => {
  const cut = (services: AppConfig["services"]) =>
    cutNames(definitionOf(configWith({ name: "rideshare", services })), "production");
  expect(cut({ api: { ...service, route: "/*" }, background: service })).toEqual([]);
  expect(cut({ backend: { ...service, route: "/*" } })).toEqual(["rideshare-production-backend-green"]);
});
