alter table rides add column tip numeric(10, 2) not null default 0;
