/** How an error ends a command. The exit code follows from the kind and from nothing else. */
export type ErrorKind = "failed" | "usage" | "precondition" | "unknown" | "bug" | "interrupted";

export const EXIT_CODES: Record<ErrorKind, number> = {
  failed: 1,
  usage: 2,
  precondition: 3,
  unknown: 4,
  bug: 70,
  interrupted: 130,
};

interface ErrorInfo {
  kind: ErrorKind;
  /** One sentence for docs/errors.md: when a person meets this. */
  when: string;
}

/** Every error code there is. docs/errors.md is generated from this table. */
export const ERROR_CODES = {
  // usage and configuration
  USAGE: { kind: "usage", when: "The command line is not understood: unknown command, option or value." },
  CONFIG_MISSING: { kind: "usage", when: "No switchback.config.ts is found here or in a folder above." },
  CONFIG_UNREADABLE: {
    kind: "usage",
    when: "switchback.config.ts does not compile, throws, exports no app, or is there twice.",
  },
  CONFIG_INVALID: {
    kind: "usage",
    when: "A setting is unknown, missing, or has a value that is not allowed.",
  },
  ENVIRONMENT_UNKNOWN: { kind: "usage", when: "The configuration has no environment of that name." },
  RELEASE_UNKNOWN: { kind: "usage", when: "No release has that id, or the short id fits more than one." },
  DEPLOYMENT_UNKNOWN: { kind: "usage", when: "The environment's log has no deployment of that number." },
  SERVICE_UNKNOWN: { kind: "usage", when: "The configuration has no service of that name." },
  PLATFORM_UNAVAILABLE: {
    kind: "usage",
    when: "The environment's platform is not there in this version; use --local.",
  },
  // migrations
  REHEARSAL_IMPOSSIBLE: {
    kind: "precondition",
    when: "A migration cannot be rehearsed here: a server version, an extension or a tool is missing.",
  },
  MIGRATION_TOOL_FAILED: {
    kind: "failed",
    when: "A release's migration command does not start in a rehearsal, or does not say what is applied.",
  },
  // infrastructure
  INFRA_SETTING: {
    kind: "usage",
    when: "A setting that the infrastructure on AWS needs is missing, or AWS does not take it.",
  },
  CONTRACT_INVALID: {
    kind: "unknown",
    when: "What the infrastructure tells the deployer is not complete, or is another environment's.",
  },
  CONTRACT_NEWER: {
    kind: "precondition",
    when: "Newer Terraform modules made the environment than this version of Switchback can read.",
  },
  INFRA_PROGRAM_MISSING: {
    kind: "precondition",
    when: "Neither terraform nor tofu is found, or the one that was named does not run.",
  },
  INFRA_PROGRAM_OLD: { kind: "precondition", when: "terraform or tofu is older than 1.11." },
  INFRA_PROVIDER_MISSING: {
    kind: "precondition",
    when: "Terraform cannot get a provider or a module, or the lock file asks for another version.",
  },
  INFRA_FILES_INVALID: {
    kind: "usage",
    when: "Terraform does not understand a file of the root folder, or a module refuses a value.",
  },
  INFRA_STATE_MISSING: {
    kind: "precondition",
    when: "The bucket for Terraform's state does not exist, or cannot be used.",
  },
  INFRA_STATE_LOCKED: {
    kind: "precondition",
    when: "Somebody else holds the lock of Terraform's state, or a killed run left it behind.",
  },
  INFRA_STATE_UNSAVED: {
    kind: "unknown",
    when: "Terraform changed resources and could not write its state; it lies in errored.tfstate.",
  },
  INFRA_BUSY: {
    kind: "precondition",
    when: "Terraform still runs for this environment on this machine.",
  },
  INFRA_FAILED: {
    kind: "failed",
    when: "Terraform could not make or change a resource. What was made is in its state; the next apply goes on.",
  },
  INFRA_PLAN_UNREADABLE: {
    kind: "precondition",
    when: "Terraform's plan is not written as this version reads it.",
  },
  INFRA_PLAN_MISSING: { kind: "precondition", when: "There is no saved plan to apply." },
  INFRA_PLAN_STALE: {
    kind: "precondition",
    when: "Something changed since the plan was saved; a new one is to be looked at first.",
  },
  INFRA_DANGER: {
    kind: "precondition",
    when: "The plan destroys data or takes the service down, and nobody typed the names of what goes.",
  },
  INFRA_ALLOW_STALE: {
    kind: "usage",
    when: "--allow-destroy names an address that the plan neither destroys nor replaces.",
  },
  INFRA_PROTECTED: {
    kind: "precondition",
    when: "The environment is protected; its protection has to be lifted and applied before it is destroyed.",
  },
  INFRA_UNCONFIRMED: {
    kind: "precondition",
    when: "Nobody said yes to the plan, or nobody was there to say it.",
  },
  INFRA_ROLES_FAILED: {
    kind: "failed",
    when: "The infrastructure is applied, and the task that makes the database's roles did not end well. The next apply runs it again.",
  },
  INFRA_ABSENT: { kind: "precondition", when: "The environment has no infrastructure yet." },

  COPILOT_UNREADABLE: {
    kind: "usage",
    when: "What describes a Copilot app is missing, or is not what the aws command prints.",
  },
  // building a release
  BUILD_FAILED: { kind: "failed", when: "A build command exited with an error; its last lines are shown." },
  BUILD_OUTPUT_MISSING: {
    kind: "failed",
    when: "A build left out the folder or the files that the configuration names.",
  },
  PATH_ESCAPES: { kind: "failed", when: "A path or a link points outside the project's folder." },
  TREE_UNSUPPORTED: {
    kind: "failed",
    when: "A file tree holds what cannot be stored: a socket, a device, a pipe.",
  },
  // preconditions
  ENVIRONMENT_BUSY: { kind: "precondition", when: "Somebody else is deploying to this environment." },
  DEPLOYMENT_OPEN: {
    kind: "precondition",
    when: "An interrupted deployment has to be resumed or aborted first.",
  },
  NOTHING_TO_RESUME: { kind: "precondition", when: "No deployment of this environment is open." },
  ENVIRONMENT_LOCKED: { kind: "precondition", when: "Somebody locked the environment." },
  ENVIRONMENT_HELD: {
    kind: "precondition",
    when: "The environment was rolled back, and --automated may not deploy until a person lifts the hold.",
  },
  ENVIRONMENT_FROZEN: { kind: "precondition", when: "A freeze window of the configuration is open." },
  DEPLOYMENT_COMMITTED: {
    kind: "precondition",
    when: "The deployment already counts, so it can be finished and rolled back, no longer aborted.",
  },
  APPROVAL_MISSING: {
    kind: "precondition",
    when: "The environment wants a person's approval of the release, and nobody gave it.",
  },
  PROMOTION_SOURCE: {
    kind: "precondition",
    when: "The environment to promote from serves nothing, or none is configured.",
  },
  NO_EARLIER_RELEASE: { kind: "precondition", when: "There is no release to roll back to." },
  NOTHING_DEPLOYED: { kind: "precondition", when: "The environment serves no release yet." },
  DATABASE_ABSENT: { kind: "precondition", when: "The embedded PostgreSQL cannot be used on this machine." },
  CACHE_FAILED: {
    kind: "precondition",
    when: "Redis or Valkey is installed on this machine but does not start.",
  },
  SUPERVISOR_DOWN: { kind: "precondition", when: "The local supervisor does not run, or does not answer." },
  SUPERVISOR_START_FAILED: { kind: "precondition", when: "The local supervisor ended before it was ready." },
  PORT_TAKEN: { kind: "precondition", when: "The port that was asked for, or had before, is in use." },
  STORE_UNWRITABLE: {
    kind: "precondition",
    when: "A file or folder cannot be used: the disk is full or read-only, or permission is missing.",
  },
  SECRETS_UNSAFE: { kind: "precondition", when: "The secrets file can be read by other users." },
  // the store
  STORE_CORRUPT: {
    kind: "unknown",
    when: "An object of the store is damaged: truncated, edited, or not what its name says.",
  },
  STORE_UNREACHABLE: {
    kind: "unknown",
    when: "The bucket of the store does not answer, or not as it should, after all tries within the time for one call.",
  },
  STORE_BUCKET: {
    kind: "precondition",
    when: "The bucket of the store does not exist, or is in another region.",
  },
  STORE_DENIED: {
    kind: "precondition",
    when: "The permission for an object of the store, or for its KMS key, is missing.",
  },
  STORE_UNSAFE: {
    kind: "precondition",
    when: "The server of the store has no conditional writes, so that two deployers could overwrite each other.",
  },
  AWS_CREDENTIALS: {
    kind: "precondition",
    when: "AWS credentials are missing, have expired, or are not accepted.",
  },
  LOG_BROKEN: { kind: "unknown", when: "The environment log has a gap, a fork or an edited entry." },
  FORMAT_TOO_NEW: {
    kind: "precondition",
    when: "A newer version of Switchback wrote this; upgrade to read it.",
  },
  // deployments
  STEP_FAILED: { kind: "failed", when: "A step of the deployment failed; the deployment was compensated." },
  SECRET_MISSING: { kind: "failed", when: "A service needs a secret that has no value in this environment." },
  SITE_INCOMPLETE: { kind: "failed", when: "A site's build lacks its fallback page, such as index.html." },
  SITE_PLACE: {
    kind: "precondition",
    when: "The bucket or the distribution of a site does not exist, or is in another region.",
  },
  SITE_DENIED: {
    kind: "precondition",
    when: "The permission to publish a site to its bucket, or to invalidate its distribution, is missing.",
  },
  SITE_UNREACHABLE: {
    kind: "unknown",
    when: "S3 or CloudFront does not answer, or not as it should, after all tries, while a site is published.",
  },
  ARTEFACT_MISSING: {
    kind: "failed",
    when: "An artefact of the release is not in the store, or is damaged.",
  },
  MIGRATION_FAILED: { kind: "failed", when: "A migration command exited with an error." },
  MIGRATION_BUSY: {
    kind: "failed",
    when: "Somebody else runs migrations on the same database, and did not end in time.",
  },
  MIGRATION_BLOCKED: {
    kind: "precondition",
    when: "The rehearsal of the migrations found what must not run: it breaks users, the release before, or the data.",
  },
  MIGRATION_UNREHEARSED: {
    kind: "precondition",
    when: "The migrations could not be rehearsed, so nothing is proved about the way back.",
  },
  MIGRATION_HELD: {
    kind: "precondition",
    when: "A contract migration removes what a release within reach of a rollback needs, and the rest cannot run without it.",
  },
  NO_DATABASE_WAY_BACK: {
    kind: "precondition",
    when: "The earlier release is not proved on today's schema, and no down is proved either.",
  },
  DATA_WOULD_BE_LOST: {
    kind: "precondition",
    when: "Taking the schema back would lose rows that are in the database now.",
  },
  INSTANCE_UNHEALTHY: {
    kind: "failed",
    when: "A process stopped, or its health check did not pass in time.",
  },
  OUT_OF_MEMORY: { kind: "failed", when: "A process tree grew beyond the service's memory and was stopped." },
  GATE_FAILED: { kind: "failed", when: "A gate did not hold during the bake." },
  SMOKE_FAILED: {
    kind: "failed",
    when: "A smoke check through the front door did not get the expected answer.",
  },
  COMMAND_FAILED: { kind: "failed", when: "A one-off command exited with an error." },
  COMPENSATION_FAILED: {
    kind: "unknown",
    when: "A step could not be taken back; resume or abort tries again.",
  },
  FENCED: { kind: "unknown", when: "Another deployer took over; this one stopped before a further effect." },
  OUTCOME_UNKNOWN: { kind: "unknown", when: "An effect was started and its result could not be read." },
  INTERRUPTED: { kind: "interrupted", when: "The command was told to stop; the deployment can be resumed." },
  BUG: { kind: "bug", when: "Switchback met a state that it holds to be impossible. Please report it." },
} as const satisfies Record<string, ErrorInfo>;

export type ErrorCode = keyof typeof ERROR_CODES;
