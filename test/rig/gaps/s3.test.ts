import { expect, test } from "vitest";
import { createBucket, s3, useRig } from "./wire.ts";

useRig();

test("a policy that denies access without TLS is told as it was sent, and denies nobody", async () => {
  await createBucket();
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
  expect((await s3("PUT", "/shop?policy", policy)).status).toBe(200);
  expect((await s3("GET", "/shop?policy")).text).toBe(policy);
  expect((await s3("PUT", "/shop/key", "text")).status).toBe(200);
  expect((await s3("GET", "/shop/key")).text).toBe("text");
});

test("a bucket whose versioning was suspended can be emptied, delete markers too", async () => {
  const versioning = (status: string) =>
    s3(
      "PUT",
      "/shop?versioning",
      `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
    );
  await createBucket();
  await s3("PUT", "/shop/key", "before there were versions");
  await versioning("Enabled");
  await s3("DELETE", "/shop/key");
  await versioning("Suspended");
  expect((await s3("GET", "/shop?versioning")).text).toContain("<Status>Suspended</Status>");
  const { text } = await s3("GET", "/shop?versions");
  const ids = ["null", /<DeleteMarker>.*<VersionId>([^<]+)/s.exec(text)![1]!];
  for (const id of ids) {
    const one = `<Object><Key>key</Key><VersionId>${id}</VersionId></Object>`;
    expect((await s3("POST", "/shop?delete", `<Delete>${one}</Delete>`)).status).toBe(200);
  }
  expect((await s3("DELETE", "/shop")).status).toBe(204);
});
