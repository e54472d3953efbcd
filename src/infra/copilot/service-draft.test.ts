import { expect, test } from "vitest";
import { readManifest } from "./manifest.ts";
import { draftService, notesOn, secondsOf } from "./service-draft.ts";
import { planned, shop, without } from "./testbed.ts";

const draft = (text: string, environment = "test") =>
  draftService(readManifest({ path: "copilot/x/manifest.yml", text }, environment)!);
const web = (more: string) => draft(`name: x\ntype: Load Balanced Web Service\n${more}`);

test("a manifest becomes a service, with what it says of the environment", () => {
  expect(planned().draft).toContain(`    api: {
      path: "services/api",
      command: "" /* what its Dockerfile starts: CMD */,
      route: "/api/*",
      port: 8080,
      health: {
        path: "/healthz",
        interval: "15s",
        timeout: "5s",
        start: "90s",
        healthyAfter: 3,
      },
      cpu: 512,
      memory: "1GB",
      instances: 2,
      maxInstances: 6,
      scaleAtCpu: "70%",
      env: {
        LOG_LEVEL: "debug",
      },
      secrets: ["STRIPE_KEY", "DB"],
    },`);
});

test("a worker has no route and no health check", () => {
  const text = planned().draft;
  expect(text.slice(text.indexOf("mailer: {"), text.indexOf("buckets"))).not.toMatch(/route|health/);
});

test("another environment's numbers stay out", () => {
  const [api] = shop().filter(({ path }) => path === "copilot/api/manifest.yml");
  expect(draft(api!.text, "prod").cpu).toBe(2048);
  expect(draft(api!.text, "test").cpu).toBe(512);
  expect(draft(api!.text, "test").env).toEqual({ LOG_LEVEL: "debug" });
});

test.each([
  ["http:\n  path: /", "/*"],
  ["http:\n  path: api", "/api/*"],
  ["http:\n  path: '/api/'", "/api/*"],
  ["", "/*"],
  ["http: false", null],
])("the path in %j is the route %s", (text, route) => {
  expect(web(text).route).toBe(route);
});

test.each([
  ["count: 3", 3, null, null],
  ["count:\n  range: 1-10", 1, 10, null],
  ["count:\n  range:\n    min: 2\n    max: 8\n    spot_from: 3\n  cpu_percentage:\n    value: 50", 2, 8, 50],
  ["count: 0", 1, null, null],
])("%j is how many run", (text, instances, maxInstances, scaleAtCpuPercent) => {
  expect(web(text)).toMatchObject({ instances, maxInstances, scaleAtCpuPercent });
});

test.each([
  ["10s", 10],
  ["1m30s", 90],
  ["1h", 3600],
  ["500ms", 1],
  ["soon", null],
  [10, null],
])("%j lasts %s seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test("what the configuration has no word for is told, with what to do", () => {
  expect(planned().notes.map(({ service, what }) => `${service}: ${what}`)).toEqual([
    "api: Service Connect",
    "api: TABLE from an output of a stack",
    "mailer: queues",
  ]);
  const sidecar = readManifest(
    { path: "x", text: "name: x\ntype: Worker Service\nsidecars:\n  nginx: {}\n" },
    "test",
  )!;
  expect(notesOn(sidecar).map(({ what }) => what)).toEqual(["sidecars"]);
});

test("secrets go from where Copilot has them without being shown", () => {
  expect(planned(shop(), { environment: "staging" }).secrets).toEqual([
    "aws ssm get-parameter --with-decryption --name '/copilot/shop/test/secrets/STRIPE_KEY' --query Parameter.Value --output text | switchback secret set staging STRIPE_KEY",
    "aws secretsmanager get-secret-value --secret-id 'shop/db' --query SecretString --output text | switchback secret set staging DB",
  ]);
});

test("a service without a manifest is there, and what is a guess is said", () => {
  const found = planned(without("copilot/api/manifest.yml"));
  expect(found.draft).toContain('path: "" /* the folder of its sources */');
  const none = planned(shop().filter(({ path }) => path.endsWith(".json")));
  expect(none.draft).toContain('domain: "" /* the host name that people type */');
  expect(none.warnings.join("\n")).toContain("There are no manifests");
});

test("a network that Copilot did not make is taken from the environment's manifest", () => {
  const files = shop().map((file) => {
    if (file.path === "copilot/environments/test/manifest.yml") {
      return {
        ...file,
        text: "name: test\ntype: Environment\nnetwork:\n  vpc:\n    id: vpc-9\n    subnets:\n      public:\n        - id: subnet-1\n        - id: subnet-2\n      private:\n        - id: subnet-3\n        - id: subnet-4\n",
      };
    }
    return file.path === "shop-test.json"
      ? {
          ...file,
          text: file.text.replaceAll(
            /"LogicalResourceId":"(VPC|P(?:ublic|rivate)Subnet\d)"/g,
            '"LogicalResourceId":"Other$1"',
          ),
        }
      : file;
  });
  expect(planned(files).draft).toContain('publicSubnets: ["subnet-1", "subnet-2"]');
  expect(planned(files).draft).toContain('dataSubnets: ["subnet-3", "subnet-4"]');
});

test("YAML that is none is refused with the file's name, and a file that is no manifest is not looked at", () => {
  expect(() => readManifest({ path: "copilot/x/manifest.yml", text: "a: [" }, "test")).toThrow(
    expect.objectContaining({
      code: "COPILOT_UNREADABLE",
      message: expect.stringContaining("copilot/x/manifest.yml"),
    }),
  );
  expect(readManifest({ path: "x", text: "just text" }, "test")).toBeNull();
});
