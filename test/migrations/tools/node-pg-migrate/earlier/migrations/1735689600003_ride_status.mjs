export const up = (pgm) => pgm.createIndex("rides", "status");

export const down = (pgm) => pgm.dropIndex("rides", "status");
