import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";
import type { EnvironmentDiff } from "../../infra/environment-diff.ts";
import { renderEnvironmentDiff } from "./environment-diff.ts";
import { displayWidth } from "./text-width.ts";

const look = (columns: number, colour = false) => ({ colours: createColors(colour), columns });
const diff = (changes: Partial<EnvironmentDiff> = {}): EnvironmentDiff => ({
  environments: ["staging", "production"],
  shape: [],
  size: [],
  deployment: [],
  ...changes,
});
const SIZE = [
  { group: "services.api", name: "instances", values: [2, 4] as [number, number] },
  { group: "services.api", name: "maxInstances", values: [null, 12] as [null, number] },
  { group: "database", name: "multiAz", values: [false, true] as [boolean, boolean] },
];
const SHAPE = [{ group: "firewall", name: "waf", values: [false, true] as [boolean, boolean] }];

test("what differs stands side by side under its group, after a word on the shape", () => {
  expect(renderEnvironmentDiff(look(80), diff({ size: SIZE }))).toEqual([
    "                  staging  production",
    "",
    "✔ the same shape: the same parts, in other sizes",
    "",
    "Sizes",
    "  services.api",
    "    instances     2        4",
    "    maxInstances  –        12",
    "  database",
    "    multiAz       no       yes",
  ]);
});

test("another shape is said first and loudly", () => {
  const lines = renderEnvironmentDiff(look(80), diff({ size: SIZE, shape: SHAPE }));
  expect(lines.slice(1, 5)).toEqual([
    "",
    "✘ Not the same shape: what passes in staging can fail in production",
    "  firewall",
    "    waf           no       yes",
  ]);
  const coloured = renderEnvironmentDiff(look(80, true), diff({ size: SIZE, shape: SHAPE }));
  expect(coloured[2]).toContain("\x1b[31m");
});

test("two that do not differ are told so in a line", () => {
  expect(renderEnvironmentDiff(look(80), diff())).toEqual(["staging and production do not differ"]);
});

test("what differs in deployments alone is the same size and shape", () => {
  const deployment = [{ group: "watch", name: "bake", values: ["5m", "30m"] as [string, string] }];
  const lines = renderEnvironmentDiff(look(80), diff({ deployment }));
  expect(lines).toContain("✔ the same shape: the same parts, in the same sizes");
  expect(lines).toContain("Deployments");
  expect(lines).not.toContain("Sizes");
});

describe.each([80, 60, 40])("at %d columns", (columns) => {
  test("no line is wider, and long values go on below themselves", () => {
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
    const size = [
      ...SIZE,
      { group: "network", name: "existing.regionalCertificate", values: [arn, null] as [string, null] },
      { group: "environment", name: "domain", values: ["a.co", "b.co"] as [string, string] },
    ];
    const lines = renderEnvironmentDiff(look(columns), diff({ size, shape: SHAPE }));
    expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
    expect(lines.join("").replaceAll(/[\s–]/g, "")).toContain("domaina.cob.co");
  });
});

test("whatever a value holds, it cannot move the cursor or forge a line", () => {
  const size = [
    { group: "services.api", name: "env.X", values: ["a\x1b[2Jb", "c\nforged"] as [string, string] },
  ];
  const text = renderEnvironmentDiff(look(80), diff({ size })).join("\n");
  expect(text).not.toContain("\x1b");
  expect(text).not.toMatch(/^forged/m);
});
