/** What AWS and private networks allow: RFC 1918, and the shared block of RFC 6598. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

interface Block {
  first: number;
  last: number;
  bits: number;
}

/** Null where it is no block, or does not begin where its size says. */
const blockOf = (cidr: string): Block | null => {
  const [address = "", size = ""] = cidr.split("/");
  const bytes = address.split(".").map(Number);
  const bits = Number(size);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255)) || !(bits >= 0 && bits <= 32))
    return null;
  if (!bytes.every((byte, index) => String(byte) === address.split(".")[index])) return null;
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const count = 2 ** (32 - bits);
  return first % count === 0 ? { first, last: first + count - 1, bits } : null;
};

/** Whether a block is private, whole, and of a size that a network on AWS can be divided from: /16 to /24. */
export const isPrivateBlock = (cidr: string): boolean => {
  const block = blockOf(cidr);
  if (block === null || block.bits < 16 || block.bits > 24) return false;
  return PRIVATE.map(blockOf).some(
    (outer) => outer !== null && outer.first <= block.first && block.last <= outer.last,
  );
};

/** Whether two blocks have an address in common. */
export const blocksOverlap = (one: string, other: string): boolean => {
  const [a, b] = [blockOf(one), blockOf(other)];
  return a !== null && b !== null && a.first <= b.last && b.first <= a.last;
};
