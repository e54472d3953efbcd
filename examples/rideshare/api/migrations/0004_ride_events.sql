-- Up Migration
-- Every API process listens on this channel; a payload names the topics of which something changed.
create function rides_announce() returns trigger language plpgsql as $$
begin
  perform pg_notify('rideshare_events', json_build_object('ride', new.id, 'drivers', to_json(array(
    select distinct driver from unnest(array[new.driver_id, case when tg_op = 'UPDATE' then old.driver_id end]) as driver
    where driver is not null
  )))::text);
  return null;
end
$$;
create trigger rides_announced after insert or update on rides
  for each row execute function rides_announce();

create function drivers_announce_move() returns trigger language plpgsql as $$
declare
  carried uuid;
begin
  select id into carried from rides
    where driver_id = new.account_id and status in ('offered', 'accepted', 'picked_up');
  if carried is not null then
    perform pg_notify('rideshare_events', json_build_object('ride', carried, 'drivers', json_build_array(new.account_id))::text);
  end if;
  return null;
end
$$;
create trigger drivers_move_announced after update of lat, lng on drivers
  for each row execute function drivers_announce_move();

-- Down Migration
drop trigger drivers_move_announced on drivers;
drop function drivers_announce_move();
drop trigger rides_announced on rides;
drop function rides_announce();
