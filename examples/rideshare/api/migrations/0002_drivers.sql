-- Up Migration
create table drivers (
  account_id uuid primary key references accounts (id) on delete cascade,
  vehicle text not null check (length(vehicle) between 1 and 80),
  plate text not null check (length(plate) between 1 and 16),
  available boolean not null default false,
  lat double precision check (lat between -90 and 90),
  lng double precision check (lng between -180 and 180),
  position_at timestamptz,
  constraint drivers_position_whole check (num_nulls(lat, lng, position_at) in (0, 3))
);
create index drivers_by_place on drivers (lat, lng) where available;

-- The bytes are in the uploads bucket under object_key.
create table driver_documents (
  driver_id uuid not null references drivers (account_id) on delete cascade,
  kind text not null check (kind in ('photo', 'licence')),
  object_key text not null,
  content_type text not null,
  sha256 text not null,
  uploaded_at timestamptz not null default now(),
  primary key (driver_id, kind)
);

-- Down Migration
drop table driver_documents;
drop table drivers;
