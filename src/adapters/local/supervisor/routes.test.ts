import { expect, test } from "vitest";
import { hostsOf } from "./routes.ts";
import { environmentVariables } from "./environment-variables.ts";
import { makeMask } from "./secret-mask.ts";
import type { RevisionSpec } from "../../../domain/revision.ts";

test("development has the app's own name, and so has an environment that is alone", () => {
  expect(hostsOf("shop", "development", ["development", "staging"])).toEqual([
    "shop.localhost",
    "development.shop.localhost",
  ]);
  expect(hostsOf("shop", "staging", ["development", "staging"])).toEqual(["staging.shop.localhost"]);
  expect(hostsOf("shop", "staging", ["staging"])).toEqual(["shop.localhost", "staging.shop.localhost"]);
});

test("secrets win over settings, and neither over what the platform must decide", () => {
  const spec = { service: "api", env: { A: "setting", B: "setting", PORT: "1" } } as unknown as RevisionSpec;
  const variables = environmentVariables({
    inherited: { PATH: "/bin", SSH_AUTH_SOCK: "/agent" },
    environment: "dev",
    spec,
    revision: "0123456789ab",
    port: 4000,
    temporary: "/tmp/x",
    backing: { databaseUrl: "postgresql://x", redisUrl: null, buckets: { "ride-photos": "/b/ride photos" } },
    secrets: { B: "secret" },
  });
  expect(variables).toEqual({
    PATH: "/bin",
    NODE_ENV: "production",
    DATABASE_URL: "postgresql://x",
    BUCKET_RIDE_PHOTOS_URL: "file:///b/ride%20photos",
    A: "setting",
    B: "secret",
    PORT: "4000",
    HOST: "127.0.0.1",
    TMPDIR: "/tmp/x",
    SWITCHBACK_ENVIRONMENT: "dev",
    SWITCHBACK_SERVICE: "api",
    SWITCHBACK_REVISION: "0123456789ab",
  });
});

test("a secret inside another is masked whole, and each line of a long one", () => {
  const mask = makeMask(["abc", "abcdef", "BEGIN\nsecond line\nEND", ""]);
  expect(mask("x abcdef y abc z")).toBe("x *** y *** z");
  expect(mask("second line")).toBe("***");
});
