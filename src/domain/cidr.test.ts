import { expect, test } from "vitest";
import { blocksOverlap, isPrivateBlock } from "./cidr.ts";

test.each([
  ["10.0.0.0/16", true],
  ["172.31.0.0/20", true],
  ["192.168.255.0/24", true],
  ["100.127.0.0/16", true],
  ["100.128.0.0/16", false],
  ["172.32.0.0/16", false],
  ["10.0.0.0/15", false],
  ["10.0.0.0/25", false],
  ["10.0.1.0/16", false],
  ["10.0.0/16", false],
  ["10.0.0.256/24", false],
  ["010.0.0.0/16", false],
  ["10.0.0.0", false],
  ["", false],
])("%s is a block that a network can be made from: %s", (cidr, expected) => {
  expect(isPrivateBlock(cidr)).toBe(expected);
});

test.each([
  ["10.0.0.0/16", "10.0.0.0/16", true],
  ["10.0.0.0/16", "10.0.255.0/24", true],
  ["10.0.255.0/24", "10.0.0.0/16", true],
  ["10.0.0.0/16", "10.1.0.0/16", false],
  ["192.168.0.0/24", "192.168.1.0/24", false],
  ["255.255.255.0/24", "0.0.0.0/24", false],
  ["nonsense", "10.0.0.0/16", false],
])("%s and %s have an address in common: %s", (one, other, expected) => {
  expect(blocksOverlap(one, other)).toBe(expected);
});
