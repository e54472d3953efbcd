import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { lookup } from "mrmime";

// sdk-process.mjs ENDPOINT BUCKET FOLDER: what a careful script does: list, compare digests, send what differs, 64 at once.
const [endpoint = "", Bucket = "", folder = ""] = process.argv.slice(2);
const client = new S3Client({
  endpoint,
  region: "eu-north-1",
  forcePathStyle: true,
  requestHandler: { httpAgent: { maxSockets: 64 } },
});

const there = new Map<string, string>();
for (let next: string | undefined, more = true; more; more = next !== undefined) {
  const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: next }));
  for (const { Key = "", ETag = "" } of page.Contents ?? []) there.set(Key, ETag.replaceAll('"', ""));
  next = page.NextContinuationToken;
}
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
const send = async (): Promise<void> => {
  for (let Key = files.pop(); Key !== undefined; Key = files.pop()) {
    const Body = readFileSync(`${folder}/${Key}`);
    if (there.get(Key) === createHash("md5").update(Body).digest("hex")) continue;
    const ContentType = lookup(Key) ?? "application/octet-stream";
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType }));
  }
};
await Promise.all(Array.from({ length: 64 }, send));
client.destroy();
