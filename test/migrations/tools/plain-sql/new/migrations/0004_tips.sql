-- up
alter table rides add column tip numeric(10, 2) not null default 0;

-- down
alter table rides drop column tip;
