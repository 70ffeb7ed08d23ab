import { type Attempt, attempt } from "./attempt.ts";

const call = (name: string, args: string) =>
  `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;
const create = (args: string) => call("invoices_create", args);

const wrong: readonly (readonly [name: string, body: string, says: RegExp])[] = [
  [
    "no arguments",
    create("{}"),
    /customer: expected a string, got nothing\n- amountCents: expected a 64-bit integer/,
  ],
  [
    "a $ key",
    create('{"customer":"A","amountCents":1,"$gt":1}'),
    /\["\$gt"\]: expected only customer, amountCents, attachment, got an unknown field/,
  ],
  [
    "a key that is not ASCII",
    create('{"customer":"A","amountCents":1,"näme":1}'),
    /expected only customer, amountCents, attachment/,
  ],
  [
    "__proto__",
    create('{"customer":"A","__proto__":{"amountCents":1}}'),
    /amountCents: expected a 64-bit integer.*got nothing[^]*__proto__: expected only/,
  ],
  [
    "constructor",
    create('{"customer":"A","amountCents":1,"constructor":{}}'),
    /constructor: expected only/,
  ],
  ["an empty key", create('{"customer":"A","amountCents":1,"":1}'), /\[""\]: expected only/],
  [
    "a lone surrogate",
    create(String.raw`{"customer":"\ud800","amountCents":1}`),
    /customer: expected well-formed Unicode text, got an unpaired surrogate/,
  ],
  [
    "null for a string",
    create('{"customer":null,"amountCents":1}'),
    /customer: expected a string, got null/,
  ],
  [
    "an object for a string",
    create('{"customer":{"$ne":null},"amountCents":1}'),
    /customer: expected a string, got an object/,
  ],
  [
    "a fraction for an integer",
    create('{"customer":"A","amountCents":1.5}'),
    /amountCents: expected a 64-bit integer.*got a fraction/,
  ],
  [
    "an integer that lost its value",
    create('{"customer":"A","amountCents":9007199254740993}'),
    /decimal string beyond 9007199254740991/,
  ],
  [
    "an integer beyond every number",
    create('{"customer":"A","amountCents":1e400}'),
    /amountCents: expected a 64-bit integer.*got a number out of range/,
  ],
  [
    "an integer beyond 64 bits",
    create('{"customer":"A","amountCents":"9223372036854775808"}'),
    /between -9223372036854775808 and 9223372036854775807/,
  ],
  [
    "a word for an integer",
    create('{"customer":"A","amountCents":"many"}'),
    /amountCents: expected a 64-bit integer/,
  ],
  [
    "bytes that are not base64",
    create('{"customer":"A","amountCents":1,"attachment":"*"}'),
    /attachment: expected bytes as a base64 string/,
  ],
  [
    "another word than the listed",
    call("invoices_list", '{"status":"deleted"}'),
    /status: expected one of: "open" \| "sent"|status: expected/,
  ],
  [
    "arguments for a tool without",
    call("whoami", '{"as":"bob"}'),
    /as: expected no arguments, got an unknown field/,
  ],
  [
    "an id that is none",
    call("invoices_send", '{"id":"1; drop table"}'),
    /id: expected the id of a document in "invoices"/,
  ],
  [
    "the id of another table",
    call("invoices_send", '{"id":"10000;_storage"}'),
    /id: expected the id of a document in "invoices"/,
  ],
  [
    "what the tool itself refuses",
    create('{"customer":"A","amountCents":-1}'),
    /^amountCents must be more than zero\.$/,
  ],
];

/** Calls with arguments that a model can correct: results with `isError`. */
export const calls: readonly Attempt[] = [
  ...wrong.map(([name, body, says]) =>
    attempt(`arguments: ${name}`, { body }, { status: 200, id: 7, isError: true, says }),
  ),
  attempt(
    "arguments: NUL in a string, which is a string",
    { body: create(String.raw`{"customer":"a\u0000b","amountCents":1}`) },
    { status: 200, id: 7, says: /"customer\\*":\\*"a\\*u0000b/ },
  ),
];
