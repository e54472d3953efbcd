export const up = (knex) =>
  knex.schema.createTable("rides", (table) => {
    table.bigIncrements("id");
    table.bigInteger("rider_id").notNullable().references("riders.id");
    table.decimal("fare", 10, 2).notNullable();
    table.text("status").notNullable().defaultTo("asked");
    table.timestamp("created_at").notNullable().defaultTo(knex.fn.now());
  });

export const down = (knex) => knex.schema.dropTable("rides");
