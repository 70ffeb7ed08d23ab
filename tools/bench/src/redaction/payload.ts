/** What a tool was called with: a person, headers, billing and so many rows with personal data. */
export function createPayload(rows: number) {
  return {
    user: {
      id: "user_8f3a",
      email: "ann@example.com",
      phone: "+41 44 000 00 00",
      ssn: "756.0000.0000.00",
      birthday: "1990-01-01",
      address: { street: "Main Street 1", zip: "8001", city: "Zurich" },
    },
    headers: {
      authorization: "Bearer eyJhbGciOiJFUzI1NiJ9",
      cookie: "session=8f3a8f3a8f3a",
      x_api_key: "key_8f3a8f3a",
      x_forwarded_for: "192.0.2.1",
      accept: "application/json",
    },
    billing: {
      iban: "CH00 0000 0000 0000 0000 0",
      taxId: "CHE-000.000.000",
      card: { number: "4111111111111111", cvc: "000", holder: "Ann Ex", expires: "2030-01" },
      address: { street: "Main Street 1", zip: "8001" },
      contact: { email: "billing@example.com" },
    },
    items: Array.from({ length: rows }, (_, index) => ({
      id: index,
      name: `Customer ${index}`,
      email: `customer${index}@example.com`,
      phone: `+41 44 000 00 ${index % 100}`,
      address: { street: `Side Street ${index}`, zip: "8002", city: "Zurich" },
      note: "Wants the invoice by post, and a call before the delivery arrives at the side door.",
      tags: ["late", "paper"],
      amount: index * 1.25,
    })),
  };
}

/** The payloads by size in KB. */
export const PAYLOADS: ReadonlyMap<number, unknown> = new Map([
  [1, createPayload(1)],
  [10, createPayload(38)],
  [100, createPayload(395)],
]);

const EXACT: readonly string[] = [
  "user.email",
  "headers.authorization",
  "billing.card.number",
  "billing.address.street",
  "user.phone",
  "user.ssn",
  "user.birthday",
  "user.address.street",
  "user.address.zip",
  "headers.cookie",
  "headers.x_api_key",
  "billing.iban",
  "billing.taxId",
  "billing.card.cvc",
  "billing.card.holder",
  "billing.card.expires",
  "billing.address.zip",
  "billing.contact.email",
  "headers.x_forwarded_for",
  "user.address.city",
];

const EVERY_ROW: readonly string[] = [
  "items[*].email",
  "items[*].phone",
  "items[*].name",
  "items[*].address.street",
  "items[*].address.zip",
];

/** What is redacted, by what it is called. */
export const PATH_SETS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(
  [
    ["1 exact", EXACT.slice(0, 1)],
    ["5 exact", EXACT.slice(0, 5)],
    ["20 exact", EXACT],
    ["1 wildcard", EVERY_ROW.slice(0, 1)],
    ["4 exact, 1 wildcard", [...EXACT.slice(0, 4), ...EVERY_ROW.slice(0, 1)]],
    ["15 exact, 5 wildcards", [...EXACT.slice(0, 15), ...EVERY_ROW]],
  ],
);

/** Names that are redacted wherever they stand. */
export const NAMES: readonly string[] = ["email", "phone", "street", "authorization", "number"];
