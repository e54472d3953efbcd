import { fileURLToPath } from "node:url";
import { Disk } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";

export const openFileDisk = (folder: URL): Disk =>
  new Disk(new FSDriver({ location: fileURLToPath(folder), visibility: "private" }));
