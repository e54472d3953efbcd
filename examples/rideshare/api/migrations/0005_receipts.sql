-- Up Migration
-- A receipt is written once, with the drop-off: later tariffs do not change it.
create table receipts (
  ride_id uuid primary key references rides (id),
  lines jsonb not null,
  total_cents integer not null check (total_cents >= 0),
  currency text not null,
  issued_at timestamptz not null default now()
);

-- Down Migration
drop table receipts;
