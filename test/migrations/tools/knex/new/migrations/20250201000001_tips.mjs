export const up = (knex) =>
  knex.schema.alterTable("rides", (table) => {
    table.decimal("tip", 10, 2).notNullable().defaultTo(0);
  });

export const down = (knex) =>
  knex.schema.alterTable("rides", (table) => {
    table.dropColumn("tip");
  });
