create table ratings (
  ride_id bigint primary key,
  stars integer not null check (stars between 1 and 5)
);
--> statement-breakpoint
alter table ratings add constraint ratings_ride_id_fk foreign key (ride_id) references rides (id);
