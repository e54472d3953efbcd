import { randomUUID } from "node:crypto";
import { serve } from "./serve.mjs";

const book = async (db) => {
  const rider = await db.query("insert into riders (name, email) values ($1, $2) returning id", [
    "Grace",
    `${randomUUID()}@example.com`,
  ]);
  const ride = await db.query("insert into rides (rider_id, fare, tip) values ($1, $2, $3) returning id", [
    rider.rows[0].id,
    "12.50",
    "2.00",
  ]);
  return db.query("insert into ratings (ride_id, stars) values ($1, 5) returning ride_id, stars", [
    ride.rows[0].id,
  ]);
};

serve({
  routes: {
    "/book": book,
    "/rides": (db) =>
      db.query(
        "select id, fare, tip, stars from rides left join ratings on ride_id = id order by id desc limit 5",
      ),
  },
  work: (db) => db.query("update rides set tip = tip + 1 where id = (select max(id) from rides)"),
});
