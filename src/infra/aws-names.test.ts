import { expect, test } from "vitest";
import { smallConfig } from "../config/testbed.ts";
import type { AppConfig } from "../config/app-config.ts";
import { cutNames, nameProblems } from "./aws-names.ts";
import { definitionOf } from "./testbed.ts";

const aws = { platform: "aws" as const };
const appWith = (changes: Partial<AppConfig>) => definitionOf({ ...smallConfig(), ...changes });
const problemsOf = (changes: Partial<AppConfig>, environment = "staging"): string[] =>
  nameProblems(appWith({ environments: { [environment]: aws }, ...changes }), environment).map(
    ({ setting, message }) => `${setting} ${message}`,
  );
const long = (length: number): string => "x".repeat(length);

test("names as they usually are make no problem", () => {
  expect(problemsOf({ cache: "redis", buckets: ["uploads"], database: "postgresql" })).toEqual([]);
});

test("app and environment together have 40 characters, and 32 beside a cache", () => {
  expect(problemsOf({ name: long(18) }, long(20))).toEqual([]);
  expect(problemsOf({ name: long(20) }, long(20))).toEqual([
    expect.stringMatching(
      /^environments\.x{20} makes names that begin with "x+-x+", 41 characters; AWS takes at most 40: shorten/,
    ),
  ]);
  expect(problemsOf({ name: long(11), cache: "redis" }, long(20))).toEqual([]);
  expect(problemsOf({ name: long(12), cache: "redis" }, long(20))).toEqual([
    expect.stringContaining("33 characters; AWS takes at most 32 with a cache"),
  ]);
});

test("an environment's name has 20 characters", () => {
  expect(problemsOf({}, long(20))).toEqual([]);
  expect(problemsOf({}, long(21))).toEqual([expect.stringContaining("has a name of 21 characters")]);
});

test.each([
  [{ name: "my--shop" }, "staging", 'name is called "my--shop"; on AWS a name has single dashes'],
  [{ name: "shop-" }, "staging", 'name is called "shop-"'],
  [{}, "eu-", 'environments.eu- is called "eu-"'],
  [{ name: "s" }, "staging", 'name is called "s"; on AWS a name has two characters or more'],
  [{}, "p", 'environments.p is called "p"'],
])("%j in %s is refused", (changes, environment, expected) => {
  expect(problemsOf(changes, environment)).toEqual([expect.stringContaining(expected)]);
});

test("a service's name fits with the role that is made for it", () => {
  const service = { path: "a", command: "x" };
  const named = (length: number) => ({ services: { [long(length)]: service } });
  expect(problemsOf({ ...named(31), name: long(11) }, long(8))).toEqual([]);
  expect(problemsOf({ ...named(31), name: long(12) }, long(8))).toEqual([
    expect.stringMatching(
      /^services\.x{31} makes the name ".*" in x+, 53 characters; on AWS there are at most 52/,
    ),
  ]);
});

test("a bucket's name fits with the account, unless it is there already", () => {
  const environment = long(20);
  const changes = { name: long(11), buckets: [long(17)] };
  expect(problemsOf(changes, environment)).toEqual([]);
  const longer = { ...changes, buckets: [long(18)] };
  expect(problemsOf(longer, environment)).toEqual([
    expect.stringContaining("64 characters; AWS takes at most 63"),
  ]);
  const existing = { [environment]: { ...aws, aws: { existing: { buckets: { [long(18)]: "legacy" } } } } };
  expect(problemsOf({ ...longer, environments: existing }, environment)).toEqual([]);
});

test("what load balancers and target groups cut is named, and workers have neither", () => {
  const web = { path: "a", command: "x", route: "/*" };
  const cut = (name: string, services: AppConfig["services"]) =>
    cutNames(appWith({ name, services }), "production");
  expect(cut("rideshare", { api: web, mailer: { path: "m", command: "x" } })).toEqual([]);
  expect(cut("rideshare", { backend: web })).toEqual(["rideshare-production-backend-green"]);
  expect(cut(long(22), { a: web })).toEqual([`${long(22)}-production`, `${long(22)}-production-a-green`]);
  expect(cut(long(22), { a: { path: "m", command: "x" } })).toEqual([]);
});
