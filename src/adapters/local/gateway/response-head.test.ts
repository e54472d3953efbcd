import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkedBody } from "./chunked-body.ts";
import { headerList, parseResponseHead } from "./response-head.ts";

const parse = (lines: string[], method = "GET") => parseResponseHead(`${lines.join("\r\n")}\r\n`, method);

test("headers pass as they came, less those of one connection", () => {
  const head = parse([
    "HTTP/1.1 200 OK",
    "Content-Length: 3",
    "Connection: keep-alive, X-Hop",
    "Keep-Alive: timeout=5",
    "X-Hop: gone",
    "X-Kept:  spaced \t",
    "Upgrade: h2c",
  ]);
  expect(headerList(head.lines)).toEqual(["Content-Length", "3", "X-Kept", "spaced"]);
  expect(head).toMatchObject({
    status: 200,
    reason: "OK",
    framing: "length",
    length: 3,
    keepAlive: true,
    idleMs: 5_000,
  });
});

test("the framing follows RFC 9112, 6.3", () => {
  expect(parse(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]).framing).toBe("chunked");
  expect(parse(["HTTP/1.1 200 OK"])).toMatchObject({ framing: "close", keepAlive: false });
  expect(parse(["HTTP/1.1 204 No Content"]).framing).toBe("none");
  expect(parse(["HTTP/1.1 200 OK", "Content-Length: 9"], "HEAD").framing).toBe("none");
  expect(parse(["HTTP/1.0 200 OK", "Content-Length: 9"]).keepAlive).toBe(false);
  const both = parse(["HTTP/1.1 200 OK", "Content-Length: 9", "Transfer-Encoding: chunked"]);
  expect(both).toMatchObject({ framing: "chunked", keepAlive: false, lines: "" });
});

test.each([
  [["HTP/1.1 200 OK"]],
  [["HTTP/1.1 2x0 OK"]],
  [["HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 2"]],
  [["HTTP/1.1 200 OK", "Content-Length: -1"]],
  [["HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked"]],
  [["HTTP/1.1 200 OK", "No-Colon"]],
  [["HTTP/1.1 200 OK", "A: b", " folded: c"]],
  [["HTTP/1.1 200 OK", "A: b\nSet-Cookie: evil=1"]],
  [["HTTP/1.1 200 OK", "A: b\rc"]],
])("%j is refused", (lines) => {
  expect(() => parse(lines)).toThrow();
});

test("chunks decode to the same bytes however they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 6 }),
      fc.array(fc.nat(400), { maxLength: 8 }),
      (pieces, cuts) => {
        const coded = Buffer.concat([
          ...pieces.flatMap((piece) => [
            Buffer.from(`${piece.length.toString(16)};x=y\r\n`),
            piece,
            Buffer.from("\r\n"),
          ]),
          Buffer.from("0\r\nTrailer: t\r\n\r\n"),
        ]);
        const at = [0, ...cuts.filter((cut) => cut < coded.length).sort((a, b) => a - b), coded.length];
        const body = new ChunkedBody();
        const out: Buffer[] = [];
        for (let index = 1; index < at.length; index++)
          body.decode(coded.subarray(at[index - 1], at[index]), (view) => out.push(Buffer.from(view)));
        expect(body.done).toBe(true);
        expect(Buffer.concat(out).equals(Buffer.concat(pieces))).toBe(true);
      },
    ),
  );
});

test("bytes behind the last chunk are left alone, and broken chunks are refused", () => {
  const body = new ChunkedBody();
  const bytes = Buffer.from("1\r\na\r\n0\r\n\r\nEXTRA");
  expect(bytes.subarray(body.decode(bytes, () => {})).toString()).toBe("EXTRA");
  for (const broken of ["g\r\n", "\r\n", "1\r\nab", "1\na", "fffffffffffffff\r\n"])
    expect(() => new ChunkedBody().decode(Buffer.from(broken), () => {})).toThrow();
});
