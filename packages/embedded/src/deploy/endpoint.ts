import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { messageOf } from "../errors.ts";
import type { RealmFactory } from "../runtime/realm.ts";
import { type Analysis, analyzePush } from "./analysis.ts";
import { parsePushRequest, type PushRequest } from "./request.ts";

/** A push that the CLI brought to its end. */
export interface Push {
  readonly request: PushRequest;
  readonly analysis: Analysis;
}

/** A deployment that accepts pushes and keeps the last one. */
export interface DeployEndpoint {
  readonly url: string;
  /** The last push; null until the CLI pushed. */
  pushed(): Push | null;
  /** Why the last push was refused; null when it was not. */
  problem(): string | null;
  close(): Promise<void>;
}

const NO_CHANGE = { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {} };

const decompress = promisify(brotliDecompress);

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const isCompressed = request.headers["content-encoding"] === "br";
  return JSON.parse((isCompressed ? await decompress(body) : body).toString()) as unknown;
}

interface MountedComponent {
  readonly definitionPath: string;
  readonly componentPath: string;
  readonly args: object;
  readonly exports: object;
  readonly httpRoutes: object;
  readonly childComponents: Readonly<Record<string, MountedComponent>>;
}

function mount(
  analysis: Analysis,
  definitionPath: string,
  componentPath: string,
): MountedComponent {
  const children = analysis.get(definitionPath)?.definition.childComponents ?? [];
  return {
    definitionPath,
    componentPath,
    args: {},
    exports: {},
    httpRoutes: { httpModuleRoutes: null, mounts: [] },
    childComponents: Object.fromEntries(
      children.map(({ name, path }) => [
        name,
        mount(analysis, path, componentPath === "" ? name : `${componentPath}/${name}`),
      ]),
    ),
  };
}

/** The answer of `start_push` (convex `deployApi/startPush.ts`). */
function startPushAnswer(analysis: Analysis): object {
  return {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: [],
    analysis: Object.fromEntries(analysis),
    app: mount(analysis, "", ""),
    schemaChange: NO_CHANGE,
  };
}

/** The answers that need nothing from the push. */
const FIXED_ANSWERS: ReadonlyMap<string, object> = new Map<string, object>([
  [
    "/api/get_config_hashes",
    {
      config: { functions: "convex/", authInfo: [] },
      moduleHashes: [],
      nodeDependencies: [],
      udfServerVersion: null,
    },
  ],
  ["/api/deploy2/evaluate_push", { schemaChange: NO_CHANGE }],
  ["/api/deploy2/wait_for_schema", { type: "complete" }],
  [
    "/api/deploy2/finish_push",
    { authDiff: { added: [], removed: [] }, definitionDiffs: {}, componentDiffs: {} },
  ],
  ["/api/deploy2/report_push_completed", {}],
]);

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/**
 * Serves as much of Convex's deploy API as `convex deploy` and `convex codegen` use, on 127.0.0.1.
 * `env` is what modules see as `process.env` while they are analysed.
 */
export async function startDeployEndpoint(
  realms: RealmFactory,
  env: Readonly<Record<string, string>>,
): Promise<DeployEndpoint> {
  let last: Push | null = null;
  let problem: string | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const fixed = FIXED_ANSWERS.get(path);
    if (fixed !== undefined) {
      send(response, 200, fixed);
    } else if (path === "/api/deploy2/start_push") {
      const push = parsePushRequest(await readJson(request));
      const analysis = await analyzePush(realms, push, env);
      last = { request: push, analysis };
      send(response, 200, startPushAnswer(analysis));
    } else {
      send(response, 404, { code: "NotFound", message: `${path} is not served here` });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      problem = messageOf(thrown);
      send(response, 400, { code: "PushRejected", message: problem });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  function close(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  return { url: `http://127.0.0.1:${port}`, pushed: () => last, problem: () => problem, close };
}
