import { verifies } from "./requirements.ts";

verifies("id.null");
verifies("id.null", "id.kept");
// @ts-expect-error -- no such requirement
verifies("id.nil");
// @ts-expect-error -- a citation cites
verifies();
