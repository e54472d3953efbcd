import { createServer } from "node:net";

/** A loopback port that nobody listened on just now, and that no caller was given before and holds still. */
export const makePorts = () => {
  const held = new Set<number>();
  const probe = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
    });
  return {
    take: async (): Promise<number> => {
      for (;;) {
        const port = await probe();
        if (held.has(port)) continue;
        held.add(port);
        return port;
      }
    },
    giveBack: (port: number): void => void held.delete(port),
  };
};

export type Ports = ReturnType<typeof makePorts>;
