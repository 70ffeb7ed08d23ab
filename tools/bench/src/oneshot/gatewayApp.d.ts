/** The app that the gateway's own tests run; the bundler is told where it is. */
declare module "gateway-app" {
  const http: import("convex/server").HttpRouter;
  export default http;
}
