-- up
create table ratings (
  ride_id bigint primary key references rides (id),
  stars integer not null check (stars between 1 and 5)
);

-- down
drop table ratings;
