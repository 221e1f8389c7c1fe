// ESLint as a project of TypeScript begins with it: the recommended rules, no types.

import js from '@eslint/js';
import { configs } from 'typescript-eslint';

export default [{ ignores: ['**/node_modules/**'] }, js.configs.recommended, ...configs.recommended];
