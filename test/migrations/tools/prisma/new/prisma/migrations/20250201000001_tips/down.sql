-- AlterTable
alter table rides drop column tip;
