import type { Disk } from "flydrive";

/** Opens the bucket at the first use. */
export type Bucket = () => Promise<Disk>;

/** `file:///folder` or `s3://bucket?region=…&endpoint=…`. Only the driver that is used is loaded, and only then. */
export const openBucket = (uploadsUrl: string): Bucket => {
  const url = new URL(uploadsUrl);
  let disk: Promise<Disk> | null = null;
  return () => (disk ??= url.protocol === "file:" ? openFile(url) : openS3(url));
};

const openFile = async (url: URL): Promise<Disk> => {
  const { openFileDisk } = await import("./file-disk.ts");
  return openFileDisk(new URL(url.pathname, "file://"));
};

const openS3 = async (url: URL): Promise<Disk> => {
  const { openS3Disk } = await import("./s3-disk.ts");
  return openS3Disk({
    bucket: url.hostname,
    region: url.searchParams.get("region"),
    endpoint: url.searchParams.get("endpoint"),
  });
};
