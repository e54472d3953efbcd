-- DropTable
drop table rides;
