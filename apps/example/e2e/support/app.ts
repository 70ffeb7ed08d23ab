import { createServer } from "node:net";
import { type Example, serve, type ServeOptions } from "../../server/serve.ts";

/** The example on two free ports. */
export async function startExample(
  options: Omit<ServeOptions, "port" | "providerPort"> = {},
): Promise<Example> {
  const [port, providerPort] = await freePorts();
  return serve({ ...options, port, providerPort });
}

/** Two at once, so that they differ. */
export async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          if (address === null || typeof address === "string") reject(new Error("no port"));
          else resolve(address.port);
        });
      }),
  );
  const [first = 0, second = 0] = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))));
  return [first, second];
}
