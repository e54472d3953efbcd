import { Disk } from "flydrive";
import { S3Driver } from "flydrive/drivers/s3";

export interface S3Location {
  bucket: string;
  region: string | null;
  /** Another server that speaks S3; null: AWS. */
  endpoint: string | null;
}

/** Credentials come from where the SDK looks for them: the environment or the task's role. */
export const openS3Disk = ({ bucket, region, endpoint }: S3Location): Disk =>
  new Disk(
    new S3Driver({
      bucket,
      visibility: "private",
      // New buckets have no ACLs, and a request that sets one is refused.
      supportsACL: false,
      ...(region === null ? {} : { region }),
      // Other servers know neither bucket host names nor the checksum trailers that AWS accepts.
      ...(endpoint === null
        ? {}
        : { endpoint, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" as const }),
    }),
  );
