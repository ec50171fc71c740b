import powerApps from '@microsoft/eslint-plugin-power-apps';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const shipsToBrowser = ['pcf-controls/**/*.ts', 'pcf-controls/**/*.tsx', 'webresources/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/build/**', '**/out/**', '**/node_modules/**', '**/generated/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 5],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
  // What runs in the seller's browser keeps Microsoft's rules for code components and form scripts.
  {
    files: shipsToBrowser,
    plugins: { '@microsoft/power-apps': powerApps },
    rules: powerApps.configs.paCheckerHosted.rules,
  },
  {
    files: shipsToBrowser,
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['**/*.test.ts', '**/*.test.tsx', '**/generated/**'], rules: { 'max-lines': 'off' } },
  {
    files: ['scripts/**', '**/*.js', '**/*.cjs', '**/*.mjs'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', require: 'readonly', URL: 'readonly' },
    },
  },
);
