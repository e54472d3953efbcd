import { request } from "node:http";

export interface Answer {
  /** 0: nobody listens. */
  status: number;
  body: string;
}

/** One request on a connection of its own; never rejects. */
export const ask = (port: number, path: string, host = "localhost"): Promise<Answer> =>
  new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path, agent: false as const, headers: { host } };
    const asked = request(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on("error", () => resolve({ status: 0, body: "" }));
    asked.end();
  });
