import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

// OWASP's scrypt settings with 16 MB: the cost is stored with each hash, so it can be raised later.
const cost = { N: 16_384, r: 8, p: 5 };
const keyLength = 32;

/** Returns a salted scrypt hash that holds its own parameters. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
};

/** Compares in constant time. With no hash (no such account) it takes as long and says no. */
export const passwordMatches = async (password: string, hash: string | null): Promise<boolean> => {
  const [, n, r, p, salt, key] = (hash ?? absentHash).split("$");
  const expected = Buffer.from(key ?? "", "base64url");
  const actual = await derive(password, Buffer.from(salt ?? "", "base64url"), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return hash !== null && expected.length === actual.length && timingSafeEqual(expected, actual);
};

const absentHash = ["scrypt", cost.N, cost.r, cost.p, "AAAA", ""].join("$");

const derive = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, keyLength, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
