export const up = (knex) =>
  knex.schema.createTable("riders", (table) => {
    table.bigIncrements("id");
    table.text("name").notNullable();
    table.text("email").notNullable().unique();
    table.timestamp("created_at").notNullable().defaultTo(knex.fn.now());
  });

export const down = (knex) => knex.schema.dropTable("riders");
