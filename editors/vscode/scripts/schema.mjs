// The server finds the mistakes in `quickback-realtime.json` itself, with better words and fixes.
// In VS Code the schema is for completion and hovers alone, or each mistake would be told twice.

/** A schema that suggests and explains all that the given one does, and rejects nothing. */
export function forCompletion(schema) {
  const { properties, additionalProperties, items, title, description, markdownDescription } = schema;
  const examples = suggestions(schema);
  return clean({
    $schema: schema.$schema,
    $id: schema.$id,
    title,
    description,
    markdownDescription,
    default: schema.default,
    examples: examples.length > 0 ? examples : undefined,
    allowComments: schema.allowComments,
    allowTrailingCommas: schema.allowTrailingCommas,
    properties:
      properties &&
      Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, forCompletion(value)])),
    additionalProperties:
      typeof additionalProperties === 'object' ? forCompletion(additionalProperties) : undefined,
    items: items && forCompletion(items),
  });
}

/** The values that a schema names. */
function suggestions({ type, enum: values = [], const: only, anyOf = [], examples = [] }) {
  return [
    ...values,
    ...(type === 'boolean' ? [true, false] : []),
    ...(only === undefined ? [] : [only]),
    ...anyOf.flatMap(suggestions),
    ...examples,
  ];
}

function clean(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
