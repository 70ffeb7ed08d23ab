import type { Defence } from "./defence.ts";
import { auditDefences } from "./list/audit.ts";
import { challengeDefences } from "./list/challenges.ts";
import { clientDefences } from "./list/clients.ts";
import { consentDefences } from "./list/consent.ts";
import { grantDefences } from "./list/grants.ts";
import { keepingDefences } from "./list/keeping.ts";
import { limitDefences } from "./list/limits.ts";
import { memoryDefences } from "./list/memory.ts";
import { policyDefences } from "./list/policy.ts";
import { providerDefences } from "./list/provider.ts";
import { rateDefences } from "./list/rates.ts";
import { redactionDefences } from "./list/redaction.ts";
import { secretDefences } from "./list/secrets.ts";
import { tableDefences } from "./list/tables.ts";
import { tokenDefences } from "./list/tokens.ts";
import { traceDefences } from "./list/traces.ts";
import { transportDefences } from "./list/transport.ts";
import { verifierDefences } from "./list/verifiers.ts";

/** Every defence that one edit takes away. */
export const defences: readonly Defence[] = [
  ...transportDefences,
  ...verifierDefences,
  ...challengeDefences,
  ...tokenDefences,
  ...memoryDefences,
  ...tableDefences,
  ...policyDefences,
  ...limitDefences,
  ...rateDefences,
  ...secretDefences,
  ...consentDefences,
  ...clientDefences,
  ...grantDefences,
  ...providerDefences,
  ...keepingDefences,
  ...auditDefences,
  ...redactionDefences,
  ...traceDefences,
];
