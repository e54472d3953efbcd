import { expect, test } from "vitest";
import { relayUrl } from "./relay-url.ts";

test("an address keeps its login, database and options, and asks for no more than a relay can prove", () => {
  expect(
    relayUrl(
      "postgres://u:p%40@db.example:6543/shop?sslmode=verify-full&sslrootcert=/a.pem&application_name=x",
      7001,
    ),
  ).toBe("postgres://u:p%40@127.0.0.1:7001/shop?sslmode=require&application_name=x");
  expect(relayUrl("postgresql://u@localhost/shop?host=/tmp&sslmode=disable", 7001)).toBe(
    "postgresql://u@127.0.0.1:7001/shop?sslmode=disable",
  );
});
