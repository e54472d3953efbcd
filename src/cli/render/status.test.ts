import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { EnvironmentStatus } from "../../domain/environment-status.ts";
import { renderStatus } from "./status.ts";

const NOW = Date.parse("2026-03-04T12:00:00Z");
const look = (columns: number) => ({ colours: createColors(false), columns });

const status = (change: Partial<EnvironmentStatus>): EnvironmentStatus => ({
  environment: "development",
  platform: "local",
  release: "ab".repeat(32),
  deployment: "d-0001",
  since: "2026-03-04T11:48:20Z",
  actor: "anna",
  services: [{ name: "api", healthy: 2, wanted: 2, p95Ms: 40.6, candidate: null }],
  sites: [],
  database: null,
  wayBack: null,
  drift: [],
  lock: null,
  hold: null,
  open: null,
  urls: [],
  problems: [],
  ...change,
});

test("says how long a release serves, in one unit, and how its services are", () => {
  const lines = renderStatus(look(80), [status({})], { nowMs: NOW });
  expect(lines).toContain("since     11 min (anna)");
  expect(lines).toContain("api       2/2 · p95 41 ms");
});

test("of an open deployment it says how much of the traffic is on the new release", () => {
  const candidate = { healthy: 2, percent: 50 };
  const services = [{ name: "api", healthy: 0, wanted: 2, p95Ms: null, candidate }];
  const lines = renderStatus(look(80), [status({ services })], { nowMs: NOW });
  expect(lines).toContain("api       0/2 + 2 new, 50 % of traffic");
});

test("what is deployed and does not run is not called served", () => {
  const lines = renderStatus(look(80), [status({ services: null, sites: ["web"] })], { nowMs: NOW });
  expect(lines).toContain("web       not running");
  expect(lines).toContain("development: not running: nobody is answered");
});

test("environments stand side by side where they fit, and below each other where they do not", () => {
  const found = ["development", "testing", "production"].map((environment) => status({ environment }));
  expect(renderStatus(look(80), found, { nowMs: NOW })[0]).toMatch(/development +testing +production/);
  const narrow = renderStatus(look(40), found, { nowMs: NOW });
  expect(narrow.filter((line) => line.startsWith("release"))).toHaveLength(3);
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(40);
});
