-- DropIndex
drop index rides_status;
