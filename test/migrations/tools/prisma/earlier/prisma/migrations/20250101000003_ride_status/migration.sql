-- CreateIndex
create index rides_status on rides (status);
