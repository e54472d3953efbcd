import { HeadBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { awsFault } from "./aws-fault.ts";

/** Whether the bucket is there and holds this state. A bucket of somebody else is told as a failure, not as absent. */
export const hasState = async (
  place: {
    bucket: string;
    key: string;
    region: string;
    /** For another server than AWS, whose buckets have no host names of their own. */
    pathStyle: boolean;
  },
  { signal }: { signal: AbortSignal },
): Promise<"state" | "bucket" | "nothing"> => {
  const { bucket, key, region, pathStyle } = place;
  const client = new S3Client({
    region,
    maxAttempts: 5,
    forcePathStyle: pathStyle || bucket.includes("."),
  });
  const isThere = (ask: Promise<unknown>) =>
    ask.then(
      () => true,
      (error: { $metadata?: { httpStatusCode?: number } }) => {
        if (error.$metadata?.httpStatusCode === 404) return false;
        throw awsFault(error, { action: `s3:ListBucket and s3:GetObject on ${bucket}`, signal });
      },
    );
  try {
    const options = { abortSignal: signal };
    if (!(await isThere(client.send(new HeadBucketCommand({ Bucket: bucket }), options)))) return "nothing";
    const state = new HeadObjectCommand({ Bucket: bucket, Key: key });
    return (await isThere(client.send(state, options))) ? "state" : "bucket";
  } finally {
    client.destroy();
  }
};
