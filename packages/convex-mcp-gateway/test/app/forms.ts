/** A form that asks for a name. */
export const aName = {
  message: "Your name?",
  requestedSchema: {
    type: "object",
    properties: { name: { type: "string" } },
    required: ["name"],
  },
} as const;
