export const up = (pgm) =>
  pgm.addColumn("rides", { tip: { type: "numeric(10, 2)", notNull: true, default: 0 } });

export const down = (pgm) => pgm.dropColumn("rides", "tip");
