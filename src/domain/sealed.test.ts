import fc from "fast-check";
import { expect, test } from "vitest";
import { seal, unseal } from "./sealed.ts";

const object = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => key !== "check" && key !== "__proto__"),
  fc.jsonValue(),
  { minKeys: 1 },
);
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

test("what was sealed is read back whole, and is JSON that anybody can read", () => {
  fc.assert(
    fc.property(object, (value) => {
      const bytes = seal(value);
      expect(unseal(bytes)).toEqual({ type: "whole", value: plain(value) });
      expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject(plain(value) as object);
    }),
  );
});

test("a single bit that is wrong, or an end that is missing, is seen", () => {
  fc.assert(
    fc.property(object, fc.nat(), fc.integer({ min: 0, max: 7 }), (value, at, bit) => {
      const bytes = seal(value);
      const cut = bytes.slice(0, at % bytes.length);
      bytes[at % bytes.length]! ^= 1 << bit;
      expect(unseal(cut).type).toBe("damaged");
      const flipped = unseal(bytes);
      // Where the bit turns the check's own name into another, no check is left to fail: the object has a stranger then.
      if (flipped.type === "whole") expect(flipped.value).not.toEqual(plain(value));
    }),
  );
});

test("what carries no check is taken as it is, and anything but an object is damaged", () => {
  expect(unseal(new TextEncoder().encode(`{"a":1}`))).toEqual({ type: "whole", value: { a: 1 } });
  for (const text of ["", "null", "[]", "7", `"text"`, "{", "\0"])
    expect(unseal(new TextEncoder().encode(text))).toEqual({ type: "damaged", claims: null });
  expect(unseal(Uint8Array.of(0xff, 0xfe)).type).toBe("damaged");
});
