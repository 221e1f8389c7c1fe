import tseslint from "typescript-eslint";

// Stricter than most projects, and loud about directives that suppress nothing.
export default tseslint.config(
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      parserOptions: {
        project: "./types/tsconfig.json",
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
);
