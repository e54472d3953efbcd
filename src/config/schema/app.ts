import { z } from "zod";
import { DEFAULTS } from "../defaults.ts";
import { awsApp } from "./aws.ts";
import { environment } from "./environment.ts";
import * as is from "./leaves.ts";
import { service } from "./service.ts";
import { optional, part, required } from "./setting.ts";
import { store } from "./store.ts";

const site = part(
  { anchor: "site", title: "Site", intro: "A member of `sites`: a static frontend." },
  {
    path: required(is.folder, "Source folder, relative to the project."),
    build: optional(is.command, "Shell command that is run in `path` and fills `dist`.", {
      defaultText: "nothing is built",
    }),
    dist: optional(is.folder, "The folder that the build fills, relative to `path`.", {
      fallback: DEFAULTS.site.dist,
    }),
    inputs: optional(
      z.array(is.glob),
      "Sources outside `path` that the build reads: globs relative to the project.",
      { fallback: DEFAULTS.site.inputs },
    ),
    route: optional(is.route, "Requests that the site answers: `/*`, `/admin/*`, or one exact path.", {
      fallback: DEFAULTS.site.route,
    }),
    fallback: optional(
      is.fileName,
      "The file in `dist` that is served for a page path that has no file: client-side routing.",
      { fallback: DEFAULTS.site.fallback },
    ),
    settings: optional(
      is.siteSettings,
      "Further members of the `/config.json` that the site reads at run time. Everybody can read them.",
      { fallback: {} },
    ),
  },
);

const rehearse = part(
  {
    anchor: "rehearse",
    title: "Rehearsal",
    intro:
      "`true`, `false`, or an object with these settings. What a rehearsal shows: [migrations.md](migrations.md).",
  },
  {
    warn: optional(
      is.duration({ min: 0, max: "1h" }),
      "Users may wait this long for a table before it is a warning.",
      { fallback: DEFAULTS.rehearse.warn },
    ),
    block: optional(
      is.duration({ min: 0, max: "1h" }),
      "Users may wait this long for a table before the deployment is refused.",
      { fallback: DEFAULTS.rehearse.block },
    ),
  },
);

const migrations = part(
  {
    anchor: "migrations",
    title: "Migrations",
    intro: "Any tool will do: Switchback runs three commands, each as a one-off process of the service.",
  },
  {
    service: required(is.name, "The service whose artefact holds the migrations and runs the commands."),
    folder: optional(
      is.folder,
      "Folder inside that artefact; the base names of its files are the migrations' names, in order.",
      { fallback: DEFAULTS.migrations.folder },
    ),
    up: required(is.command, "Command that runs all migrations that have not run yet."),
    upTo: optional(
      is.command,
      "As `up`, but no further than the migration `{to}`: lets a deployment hold a contract migration back.",
      { defaultText: "none: a release whose contract migration has to wait is refused" },
    ),
    down: optional(
      is.command,
      "Command that takes migrations back. `{to}` is the last one to keep (empty: none), `{count}` how many to undo.",
      { defaultText: "none: the schema only goes forward" },
    ),
    status: required(
      is.command,
      "Command that prints the names of the applied migrations, one a line, oldest first.",
    ),
    lockTimeout: optional(
      is.duration({ min: "1ms", max: "10m" }),
      "How long a statement of a migration waits for a lock before it gives up and is tried again.",
      { fallback: DEFAULTS.migrations.lockTimeout },
    ),
    statementTimeout: optional(
      is.duration({ min: 0, max: "1d" }),
      "How long one statement of a migration may take; 0: no limit.",
      { fallback: DEFAULTS.migrations.statementTimeout },
    ),
    retries: optional(
      is.whole({ min: 0, max: 100 }),
      "How often a migration that waited too long for a lock is tried again.",
      { fallback: DEFAULTS.migrations.retries },
    ),
    rehearse: optional(
      z.union([is.flag, rehearse]),
      "Rehearse pending migrations before they run, and how long others may wait for a table.",
      { defaultText: "`true`" },
    ),
  },
);

const database = part(
  {
    anchor: "database",
    title: "Database",
    intro:
      '`database: "postgresql"`, or an object with these settings. On one machine it is started for you.',
  },
  {
    engine: optional(z.enum(["postgresql"]), "The database engine.", { fallback: DEFAULTS.database.engine }),
    version: optional(is.whole({ min: 14, max: 18 }), "PostgreSQL's major version.", {
      fallback: DEFAULTS.database.version,
    }),
    migrations: optional(migrations, "How the schema is taken forward and back.", { defaultText: "none" }),
  },
);

const bucket = part(
  {
    anchor: "buckets",
    title: "Buckets",
    intro:
      'A list of names, `["uploads"]`, or an object where a bucket has settings of its own, `{ uploads: { public: true } }`.',
  },
  { public: optional(is.flag, "Everybody may read its files.", { fallback: DEFAULTS.bucket.public }) },
);

/** The shape of the configuration as a person writes it. What a shape cannot say is in `rules/`. */
export const appSchema = part(
  {
    anchor: "app",
    title: "App",
    intro: "What `defineApp` takes. An app has at least one service or site.",
  },
  {
    name: required(is.name, "Names the app everywhere: addresses, containers, folders in the store."),
    services: optional(z.record(is.name, service), "Long-running processes behind the router, by name.", {
      fallback: {},
    }),
    sites: optional(z.record(is.name, site), "Static frontends, by name.", { fallback: {} }),
    database: optional(
      z.union([z.enum(["postgresql"]), database]),
      "The app's PostgreSQL; its address is given to every service as `DATABASE_URL`.",
      { defaultText: "none" },
    ),
    cache: optional(
      z.enum(["redis"]),
      "The app's cache; its address is given to every service as `REDIS_URL`.",
      {
        defaultText: "none",
      },
    ),
    buckets: optional(
      z.union([z.array(is.name), z.record(is.name, bucket)]),
      "File buckets; each address is given to every service as `BUCKET_<NAME>_URL`.",
      { fallback: [] },
    ),
    environments: optional(z.record(is.name, environment), "Where releases run, by name.", {
      fallback: DEFAULTS.environments,
    }),
    aws: optional(awsApp, "What the environments on AWS share: region, account, tags.", { fallback: {} }),
    store: optional(
      store,
      "Where the environments' logs and the releases' records are kept: in files of this project, or in an S3 bucket.",
      { fallback: DEFAULTS.store },
    ),
  },
);
