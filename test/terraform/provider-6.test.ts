import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { blocksOf, judgeBlock, judgeText } from "./provider-6.ts";

// What the provider's guide for version 6 takes away or changes, against every file of the modules:
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade

const FILES = globSync("terraform/modules/**/*.tf", { ignore: "**/.terraform/**" });
const problemsIn = (text: string): string[] => [
  ...blocksOf(text).flatMap((block) => judgeBlock(block)),
  ...judgeText(text),
];

test("no module uses what provider 6 has removed, renamed or made stricter", () => {
  const types = new Set<string>();
  const problems = FILES.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    for (const { type } of blocksOf(text)) types.add(type);
    return problemsIn(text).map((problem) => `${file}: ${problem}`);
  });
  expect(problems).toEqual([]);
  // Read whole: the resources that the guide has something to say about are among them.
  for (const type of ["aws_eip", "aws_flow_log", "aws_elasticache_replication_group", "aws_db_instance"])
    expect(types).toContain(type);
  expect(types.size).toBeGreaterThan(60);
});

describe("planted, it is found", () => {
  test.each([
    ["a resource that is gone", `resource "aws_opsworks_stack" "a" {\n}`],
    ["an argument that is gone", `resource "aws_eip" "a" {\n  vpc = true\n}`],
    ["a log group by its name", `resource "aws_flow_log" "a" {\n  log_group_name = "a"\n}`],
    [
      "an argument that became computed",
      `resource "aws_cloudfront_response_headers_policy" "a" {\n  etag = "a"\n}`,
    ],
    [
      "a block that is gone",
      `resource "aws_launch_template" "a" {\n  elastic_gpu_specifications {\n    type = "a"\n  }\n}`,
    ],
    ["a number for a boolean", `resource "aws_lb_target_group" "a" {\n  preserve_client_ip = 1\n}`],
    [
      "a password without its strategy",
      `resource "aws_elasticache_replication_group" "a" {\n  auth_token = "a"\n}`,
    ],
    ["a stage in a deployment", `resource "aws_api_gateway_deployment" "a" {\n  stage_name = "a"\n}`],
    ["the name of a region", `data "aws_region" "this" {}\nlocals {\n  r = data.aws_region.this.name\n}`],
    ["the region of a bucket", `locals {\n  r = aws_s3_bucket.this.region\n}`],
    ["an engine in capitals", `resource "aws_elasticache_user" "a" {\n  engine = "REDIS"\n}`],
    ["an endpoint of the provider", `provider "aws" {\n  endpoints {\n    sdb = "a"\n  }\n}`],
  ])("%s", (_what, text) => expect(problemsIn(text)).toHaveLength(1));

  test("and what stays is not", () => {
    expect(
      problemsIn(`resource "aws_eip" "a" {
  domain = "vpc" # vpc = true is gone
  tags = { vpc = "a" }
}
resource "aws_elasticache_replication_group" "a" {
  auth_token                 = var.token
  auth_token_update_strategy = "SET"
  engine                     = "valkey"
}
locals {
  r = data.aws_region.this.id
}`),
    ).toEqual([]);
  });
});
