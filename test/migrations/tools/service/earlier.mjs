import { randomUUID } from "node:crypto";
import { serve } from "./serve.mjs";

const book = async (db) => {
  const rider = await db.query("insert into riders (name, email) values ($1, $2) returning id", [
    "Ada",
    `${randomUUID()}@example.com`,
  ]);
  return db.query("insert into rides (rider_id, fare) values ($1, $2) returning id, fare, status", [
    rider.rows[0].id,
    "12.50",
  ]);
};

serve({
  routes: {
    "/book": book,
    "/rides": (db) => db.query("select id, fare, status from rides order by id desc limit 5"),
  },
  work: (db) => db.query("update rides set status = 'done' where id = (select max(id) from rides)"),
});
