import { createJwtVerifier, type JSONWebKeySet } from "@convex-mcp/auth/jwt";
import { createGateway } from "./gatewayTools.ts";

const gateway = createGateway(10);

/** A gateway whose tokens jose verifies first. The key comes as text, as from a cache or the network. */
export async function answer(request: Request, jwks: string): Promise<Response> {
  const verify = createJwtVerifier({
    issuer: "https://issuer.test",
    audience: "bench",
    jwks: JSON.parse(jwks) as JSONWebKeySet,
  });
  const token = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
  const verdict = await verify(token);
  return verdict.ok ? gateway(request) : Response.json(verdict, { status: 401 });
}
