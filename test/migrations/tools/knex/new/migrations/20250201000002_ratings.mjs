export const up = (knex) =>
  knex.schema.createTable("ratings", (table) => {
    table.bigInteger("ride_id").primary().references("rides.id");
    table.integer("stars").notNullable().checkBetween([1, 5]);
  });

export const down = (knex) => knex.schema.dropTable("ratings");
