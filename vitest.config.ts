import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "examples/rideshare/api/test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Which Node later versions of the AWS SDK will need is no news in a test.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    // Two cores: suites that start PostgreSQL and real processes share them.
    maxWorkers: 2,
  },
});
