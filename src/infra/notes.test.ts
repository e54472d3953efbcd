import { expect, test } from "vitest";
import { fullConfig, smallConfig, withValue } from "../config/testbed.ts";
import { notesFor } from "./notes.ts";
import { definitionOf, fullApp } from "../../test/helpers/infra-app.ts";

const notesOf = (config: unknown, environment = "production"): string[] =>
  notesFor(definitionOf(config), environment).map(({ setting, message }) => `${setting} ${message}`);

test("sizes that Fargate does not have are told with what is made instead", () => {
  expect(notesFor(fullApp(), "production")).toEqual([
    {
      setting: "services.api",
      message:
        "is made with 1024 CPU units and 2048 MB, the smallest on Fargate with 1024 CPU units and 1024 MB",
    },
    {
      setting: "services.mailer",
      message: "is made with 256 CPU units and 512 MB, the smallest on Fargate with 256 CPU units and 256 MB",
    },
  ]);
});

test("sizes that Fargate has are no news", () => {
  const config = withValue(fullConfig(), "services.mailer.memory", "512MB");
  expect(notesOf(withValue(config, "environments.production.services.api.memory", "2GB"))).toEqual([]);
});

test("a time to stop that Fargate does not give is told", () => {
  const config = withValue(fullConfig(), "services.mailer", {
    path: "m",
    command: "x",
    memory: "512MB",
    stop: "5m",
  });
  expect(notesOf(config)).toContain("services.mailer.stop is cut to 120 s: Fargate waits no longer");
});

const two = (one: object, other: object) => ({
  ...smallConfig(),
  services: { api: { path: "api", command: "x", memory: "512MB" } },
  aws: { account: "123456789012" },
  environments: { staging: { platform: "aws", aws: one }, production: { platform: "aws", aws: other } },
});
const block = (cidr: string) => ({ network: { cidr } });

test("networks of one account that share addresses are pointed out", () => {
  expect(notesOf(two({}, {}))).toEqual([
    expect.stringMatching(
      /^environments\.production\.aws\.network\.cidr is 10\.0\.0\.0\/16, and staging has 10\.0\.0\.0\/16: /,
    ),
  ]);
  expect(notesOf(two(block("10.0.8.0/24"), {}))).toHaveLength(1);
  expect(notesOf(two(block("10.1.0.0/16"), {}))).toEqual([]);
});

test("networks of different accounts, or that are there already, are nobody's business", () => {
  expect(notesOf(two({ account: "123456789013" }, {}))).toEqual([]);
  const subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"];
  const vpc = { id: "vpc-0a1b2c3d", publicSubnets: subnets, privateSubnets: subnets, dataSubnets: subnets };
  expect(notesOf(two({ existing: { vpc } }, {}))).toEqual([]);
  expect(notesOf(two({}, { existing: { vpc } }))).toEqual([]);
  expect(notesOf({ ...two({}, {}), aws: {} })).toEqual([]);
});

test("a name that a load balancer cuts is told", () => {
  const config = {
    ...smallConfig(),
    name: "a-name-that-is-long",
    environments: { production: { platform: "aws" } },
  };
  expect(notesOf(config)).toContainEqual(
    expect.stringContaining('makes the name "a-name-that-is-long-production-api-green", 40 characters'),
  );
});
