import { expect, test } from "vitest";
import { listOf, readXml, writeXml } from "./xml.ts";

test("what is read and written again says the same", () => {
  const text = `<A xmlns="urn:a"><B>'x' &#34;y&#34; &lt;&amp;&#xA;é</B><B/><C><D>01</D><E>true</E></C></A>`;
  const read = readXml(text);
  expect(read).toEqual({ A: { "@xmlns": "urn:a", B: [`'x' "y" <&\né`, ""], C: { D: "01", E: "true" } } });
  expect(readXml(writeXml(read))).toEqual(read);
});

test("a list is a list however often its element occurs", () => {
  expect([undefined, "", "a", ["a", "b"]].map(listOf)).toEqual([[], [], ["a"], ["a", "b"]]);
});
