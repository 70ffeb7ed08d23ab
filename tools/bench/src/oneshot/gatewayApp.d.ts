/** The app that the gateway's own tests run; the bundler is told where it is. */
declare module "gateway-app/http" {
  const http: import("convex/server").HttpRouter;
  export default http;
}

/** What of it has tools alone. */
declare module "gateway-app/mounts" {
  export function mountTools(http: import("convex/server").HttpRouter): void;
}
