import type { AwsFacts } from "../../ports/infra.ts";

/** Looks at AWS with the caller's credentials. Each SDK is loaded when it is first needed: EC2's alone is 1.4 MB. */
export const makeAwsFacts = ({ env }: { env: Record<string, string | undefined> }): AwsFacts => ({
  rulesOf: async (groups, options) => (await import("./group-rules.ts")).rulesOf(groups, options),
  hasState: async (place, options) =>
    (await import("./state-place.ts")).hasState(
      { ...place, pathStyle: Boolean(env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"]) },
      options,
    ),
  nameServersOf: async (zone, options) => (await import("./name-servers.ts")).nameServersOf(zone, options),
});
