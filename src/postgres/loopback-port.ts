import { createServer } from "node:net";

const listenable = (port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });

/** The preferred port when nobody listens on it just now, or any free one. Somebody may still be faster: try again then. */
export const findLoopbackPort = async (preferred: number | null): Promise<number> => {
  const kept = preferred === null ? null : await listenable(preferred);
  const port = kept ?? (await listenable(0));
  if (port === null) throw new Error("no port of the loopback address can be opened");
  return port;
};
