-- Up Migration
create table rides (
  id uuid primary key default gen_random_uuid(),
  status text not null default 'requested' check (
    status in ('requested', 'offered', 'accepted', 'picked_up', 'completed', 'cancelled', 'no_driver')
  ),
  rider_id uuid not null references accounts (id),
  driver_id uuid references drivers (account_id),
  pickup_lat double precision not null check (pickup_lat between -90 and 90),
  pickup_lng double precision not null check (pickup_lng between -180 and 180),
  pickup_label text,
  dropoff_lat double precision not null check (dropoff_lat between -90 and 90),
  dropoff_lng double precision not null check (dropoff_lng between -180 and 180),
  dropoff_label text,
  distance_m integer not null check (distance_m >= 0),
  duration_s integer not null check (duration_s >= 0),
  quote_cents integer not null check (quote_cents >= 0),
  fare_cents integer check (fare_cents >= 0),
  currency text not null default 'SEK',
  requested_at timestamptz not null default now(),
  offer_expires_at timestamptz,
  accepted_at timestamptz,
  picked_up_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  constraint rides_driver_fits_status check (
    case
      when status in ('requested', 'no_driver') then driver_id is null
      when status in ('offered', 'accepted', 'picked_up', 'completed') then driver_id is not null
      else true
    end
  ),
  constraint rides_fare_when_completed check ((status = 'completed') = (fare_cents is not null)),
  constraint rides_offer_expires check (status <> 'offered' or offer_expires_at is not null)
);
create unique index rides_one_active_per_rider on rides (rider_id)
  where status in ('requested', 'offered', 'accepted', 'picked_up');
create unique index rides_one_active_per_driver on rides (driver_id)
  where status in ('offered', 'accepted', 'picked_up');
create index rides_of_rider on rides (rider_id, requested_at desc);
create index rides_of_driver on rides (driver_id, requested_at desc);
create index rides_waiting on rides (status, requested_at) where status in ('requested', 'offered');

-- Every driver that a ride was offered to, so that nobody is asked twice.
create table ride_offers (
  ride_id uuid not null references rides (id) on delete cascade,
  driver_id uuid not null references drivers (account_id) on delete cascade,
  offered_at timestamptz not null default now(),
  outcome text not null default 'open' check (outcome in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  primary key (ride_id, driver_id)
);

create table ride_transitions (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);
insert into ride_transitions (from_status, to_status) values
  ('requested', 'offered'),
  ('requested', 'no_driver'),
  ('requested', 'cancelled'),
  ('offered', 'requested'),
  ('offered', 'accepted'),
  ('offered', 'cancelled'),
  ('accepted', 'picked_up'),
  ('accepted', 'cancelled'),
  ('picked_up', 'completed');

-- The state machine lives here, so that no version of the API can break it.
create function rides_enforce_transition() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'requested' then
      raise exception 'a ride starts as requested, not as %', new.status using errcode = 'RS001';
    end if;
    return new;
  end if;
  if not exists (select from ride_transitions where from_status = old.status and to_status = new.status) then
    raise exception 'a ride cannot go from % to %', old.status, new.status using errcode = 'RS001';
  end if;
  case new.status
    when 'accepted' then new.accepted_at = now();
    when 'picked_up' then new.picked_up_at = now();
    when 'completed' then new.completed_at = now();
    when 'cancelled' then new.cancelled_at = now();
    else null;
  end case;
  return new;
end
$$;
create trigger rides_state_machine before insert or update of status on rides
  for each row execute function rides_enforce_transition();

-- Down Migration
drop table ride_transitions;
drop table ride_offers;
drop table rides;
drop function rides_enforce_transition();
