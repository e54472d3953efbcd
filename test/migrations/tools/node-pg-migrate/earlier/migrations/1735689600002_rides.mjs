export const up = (pgm) => {
  pgm.createTable("rides", {
    id: { type: "bigint", primaryKey: true, sequenceGenerated: { precedence: "BY DEFAULT" } },
    rider_id: { type: "bigint", notNull: true, references: "riders" },
    fare: { type: "numeric(10, 2)", notNull: true },
    status: { type: "text", notNull: true, default: "asked" },
    created_at: { type: "timestamptz", notNull: true, default: pgm.func("now()") },
  });
};

export const down = (pgm) => pgm.dropTable("rides");
