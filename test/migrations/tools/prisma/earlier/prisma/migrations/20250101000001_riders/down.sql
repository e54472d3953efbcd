-- DropTable
drop table riders;
