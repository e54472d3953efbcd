// Prints the names of the applied migrations, oldest first: node status.mjs TABLE QUERY
import pg from "pg";

const [table, query] = process.argv.slice(2);
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
const { rows } = await client.query("select to_regclass($1) as found", [table]);
if (rows[0].found !== null) for (const { name } of (await client.query(query)).rows) console.log(name);
await client.end();
