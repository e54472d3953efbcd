import { spawn } from "node:child_process";
import { S3Client } from "@aws-sdk/client-s3";

export const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
export const REGION = "eu-north-1" as const;

export interface Moto {
  /** `http://127.0.0.1:PORT` */
  endpoint: string;
  client: S3Client;
  stop(): Promise<void>;
}

const MISSING =
  "moto_server is not on the PATH, and the tests of the S3 store need it. Install it: pip install 'moto[server]==5.2.1'";

/** An AWS API server that this project did not write, on a loopback port that it finds by itself. */
export const startMoto = async (): Promise<Moto> => {
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let text = "";
    // It tells of every request; only its beginning and its last words matter.
    const read = (chunk: unknown) => {
      text = (text + String(chunk)).slice(-4_000);
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", () => reject(new Error(MISSING)));
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${code}: ${text}\n${MISSING}`)));
  });
  const client = new S3Client({ endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  return {
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
};
