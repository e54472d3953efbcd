drop index rides_status;
