/** Who may import whom. The picture is in ARCHITECTURE.md. */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^src/${from}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: [...allowed.map((folder) => `^src/${folder}/`)] },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: { path: "^src/(domain|ports|planner|config|infra|app|cli)/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("domain-imports-nothing", "domain", ["domain"]),
    only("ports-import-domain", "ports", ["domain", "ports"]),
    only("planner-imports-domain", "planner", ["domain", "planner"]),
    only("config-imports-domain", "config", ["domain", "config"]),
    only("infra-imports-domain", "infra", ["domain", "infra"]),
    only("postgres-imports-domain-and-ports", "postgres", ["domain", "ports", "postgres"]),
    only("migrations-import-no-adapters", "migrations", ["domain", "ports", "postgres", "migrations"]),
    only("engine-imports-domain-and-ports", "engine", ["domain", "ports", "engine"]),
    only("app-imports-no-adapters", "app", [
      "domain",
      "ports",
      "planner",
      "config",
      "infra",
      "engine",
      "app",
    ]),
    only("cli-imports-app-and-domain", "cli", ["app", "domain", "ports", "config", "infra", "cli"]),
    {
      name: "an-adapter-imports-no-other",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/", pathNot: ["^src/(domain|ports|config|postgres)/", "^src/adapters/$1/"] },
    },
    {
      name: "the-aws-sdk-loads-lazily",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: [
          "^src/adapters/store/s3/",
          "^src/adapters/aws/",
          "^src/adapters/aws-infra/(group-rules|name-servers|parameters|run-task|start-task|state-place|task-log|watch-task)",
          "\\.test\\.ts$",
        ],
      },
      to: {
        path: "^src/adapters/(store/s3/|aws/|aws-infra/(group-rules|name-servers|parameters|run-task|start-task|state-place|task-log|watch-task))",
        dynamic: false,
      },
    },
    {
      name: "tests-stay-out",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$|^test/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    includeOnly: "^src/",
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node"] },
  },
};
