export const up = (knex) =>
  knex.schema.alterTable("rides", (table) => {
    table.index("status");
  });

export const down = (knex) =>
  knex.schema.alterTable("rides", (table) => {
    table.dropIndex("status");
  });
