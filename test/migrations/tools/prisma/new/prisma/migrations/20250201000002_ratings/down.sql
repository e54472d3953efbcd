-- DropTable
drop table ratings;
