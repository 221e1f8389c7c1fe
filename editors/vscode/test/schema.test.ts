import assert from 'node:assert/strict';
import { test } from 'node:test';
// @ts-expect-error: a script of the build, which has no types.
import { forCompletion } from '../scripts/schema.mjs';

test('what a schema rejects is left out, and what it suggests is kept', () => {
  assert.deepEqual(
    forCompletion({
      title: 'settings',
      type: 'object',
      additionalProperties: false,
      properties: {
        on: { type: 'boolean', description: 'Whether.', default: true },
        path: { anyOf: [{ type: 'string', minLength: 1 }, { const: false }] },
        rules: { type: 'object', additionalProperties: { enum: ['off', 'error'] } },
        roles: { type: 'array', items: { type: 'string', pattern: '[^+]$' } },
      },
    }),
    {
      title: 'settings',
      properties: {
        on: { description: 'Whether.', default: true, examples: [true, false] },
        path: { examples: [false] },
        rules: { additionalProperties: { examples: ['off', 'error'] } },
        roles: { items: {} },
      },
    },
  );
});
