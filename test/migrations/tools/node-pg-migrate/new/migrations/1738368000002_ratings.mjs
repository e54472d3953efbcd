export const up = (pgm) => {
  pgm.createTable("ratings", {
    ride_id: { type: "bigint", primaryKey: true, references: "rides" },
    stars: { type: "integer", notNull: true, check: "stars between 1 and 5" },
  });
};

export const down = (pgm) => pgm.dropTable("ratings");
