import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** DER, as much of it as one certificate needs (X.690). */
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const hex = (tag: number, digits: string): Buffer => der(tag, Buffer.from(digits, "hex"));
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, "latin1"));
const bits = (value: Buffer): Buffer => der(0x03, Buffer.from([0]), value);

const COMMON_NAME = "550403";
const SUBJECT_ALT_NAME = "551d11";
const ECDSA_WITH_SHA256 = sequence(hex(0x06, "2a8648ce3d040302"));
// Whether the machine's clock is right does not matter on the loopback.
const VALIDITY = sequence(text(0x17, "000101000000Z"), text(0x17, "491231235959Z"));

/**
 * A fresh key and a certificate for `localhost` and 127.0.0.1 that it signs itself, as PEM. For clients that insist on
 * TLS: nothing is proved by it, and nothing leaves this machine.
 */
export const makeCertificate = (): { key: string; cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(der(0x31, sequence(hex(0x06, COMMON_NAME), text(0x0c, "localhost"))));
  const names = sequence(text(0x82, "localhost"), hex(0x87, "7f000001"));
  const toSign = sequence(
    der(0xa0, hex(0x02, "02")), // version 3
    der(0x02, Buffer.from([0x01]), randomBytes(8)), // a serial number that is not negative
    ECDSA_WITH_SHA256,
    ...[name, VALIDITY, name],
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(hex(0x06, SUBJECT_ALT_NAME), der(0x04, names)))),
  );
  const certificate = sequence(toSign, ECDSA_WITH_SHA256, bits(sign("sha256", toSign, privateKey)));
  const lines = certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
};
