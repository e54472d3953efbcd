import type { Checks } from "../common/checks.ts";
import { errorIn, makeRideshare, type Rideshare } from "./rideshare.ts";

interface Incident {
  what: string;
  /** The migration as somebody wrote it. */
  name: string;
  text: string;
  /** What makes it an incident, in the database that it meets. */
  prepare?: (rideshare: Rideshare) => Promise<void>;
  /** Rules of which one has to be named. */
  rules: string[];
  /** Stands in what the developer reads. */
  says: RegExp;
}

const INCIDENTS: Incident[] = [
  {
    what: "a down that loses data",
    name: "0006_receipt_notes",
    text: `-- Up Migration
alter table receipts add column note text;

-- Down Migration
drop table receipts;
create table receipts (
  ride_id uuid primary key references rides (id),
  lines jsonb not null,
  total_cents integer not null check (total_cents >= 0),
  currency text not null,
  issued_at timestamptz not null default now()
);
`,
    rules: ["down-loses-data"],
    says: /receipts.*(rows|values)/,
  },
  {
    what: "a rename that breaks the release before, which still answers 200",
    name: "0006_offer_ends",
    text: `-- Up Migration
alter table rides rename column offer_expires_at to offer_ends_at;

-- Down Migration
alter table rides rename column offer_ends_at to offer_expires_at;
`,
    rules: ["rename-column", "earlier-release-breaks"],
    says: /offer_expires_at/,
  },
  {
    what: "NOT NULL on a table with nulls",
    name: "0006_place_of_drivers",
    text: `-- Up Migration
alter table drivers alter column position_at set not null;

-- Down Migration
alter table drivers alter column position_at drop not null;
`,
    prepare: (rideshare) =>
      rideshare.sql("update drivers set lat = null, lng = null, position_at = null; analyze drivers"),
    rules: ["not-null-with-nulls"],
    says: /position_at.*null/i,
  },
  {
    what: "a unique index over duplicates",
    name: "0006_one_vehicle_each",
    text: `-- Up Migration
create unique index drivers_vehicle on drivers (vehicle);

-- Down Migration
drop index drivers_vehicle;
`,
    rules: ["unique-with-duplicates"],
    says: /vehicle/,
  },
  {
    what: "CREATE INDEX CONCURRENTLY in a transaction",
    name: "0006_rides_by_day",
    text: `-- Up Migration
create index concurrently rides_by_day on rides (requested_at);

-- Down Migration
drop index rides_by_day;
`,
    rules: ["concurrently-in-transaction"],
    says: /CONCURRENTLY/i,
  },
  {
    what: "a rewrite of a table that is big in production",
    name: "0006_session_devices",
    text: `-- Up Migration
alter table sessions add column device uuid not null default gen_random_uuid();

-- Down Migration
alter table sessions drop column device;
`,
    prepare: (rideshare) =>
      rideshare.sql(`insert into sessions (token_hash, account_id, expires_at)
        select sha256(n::text::bytea), (select id from accounts limit 1), now() from generate_series(1, 300000) n;
        analyze sessions`),
    rules: ["add-column-volatile-default", "table-rewritten"],
    says: /sessions/,
  },
];

/** Each through the real command line on a copy of rideshare: refused before anything is touched, in words that help. */
export const proveIncidents = async (checks: Checks): Promise<void> => {
  const rideshare = makeRideshare();
  try {
    const put = rideshare.edit(
      "switchback.config.ts",
      `status: "node dist/migrate.js status",`,
      `status: "node dist/migrate.js status",\n      // A tenth of the default: the table that is big here is small elsewhere.\n      rehearse: { warn: "20ms", block: "200ms" },`,
    );
    const first = await rideshare.run("deploy", "development", "--json");
    checks.check("rideshare is deployed", first.code === 0, first.stdout + first.stderr);
    await rideshare.run("run", "development", "--", "node", "dist/seed.js");
    const before = await rideshare.run("run", "development", "--", "node", "dist/migrate.js", "status");
    for (const incident of INCIDENTS) await proveIncident(checks, rideshare, incident);
    const after = await rideshare.run("run", "development", "--", "node", "dist/migrate.js", "status");
    checks.check("nothing of the six is in the database", after.stdout === before.stdout, after.stdout);
    put();
  } finally {
    await rideshare.close();
  }
};

const proveIncident = async (checks: Checks, rideshare: Rideshare, incident: Incident): Promise<void> => {
  const { what, name, text, prepare, rules, says } = incident;
  await prepare?.(rideshare);
  const remove = rideshare.migration(name, text);
  try {
    const history = await rideshare.run("history", "development", "--json");
    const ran = await rideshare.run("deploy", "development", "--json");
    const error = errorIn(ran);
    const told = `${error?.message ?? ""} ${error?.hint ?? ""} ${JSON.stringify(error?.context ?? {})}`;
    checks.check(`${what}: exit 3`, ran.code === 3, ran.stdout + ran.stderr);
    checks.check(`${what}: it is named`, rules.some((rule) => told.includes(rule)) && says.test(told), told);
    checks.check(`${what}: why, and what to do instead`, (error?.hint ?? "") !== "", told);
    const later = await rideshare.run("history", "development", "--json");
    checks.check(`${what}: no deployment was begun`, later.stdout === history.stdout, later.stdout);
    console.log(`    ${error?.message ?? ran.stderr}`);
  } finally {
    remove();
  }
};
