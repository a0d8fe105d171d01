import boundaries from "eslint-plugin-boundaries";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Everything a person reads is in src/i18n, so that it can be translated.
const words = "/\\p{L}{2,}/u";
const sentences = [
  { selector: `JSXText[value=${words}]`, message: "Texts belong into src/i18n." },
  {
    selector: `JSXAttribute[name.name=/^(aria-label|aria-description|title|placeholder|alt|label|hint)$/] > Literal[value=${words}]`,
    message: "Texts belong into src/i18n.",
  },
];

/** What the files of a folder may import from the others. */
const from = (type, ...types) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: types } } } },
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "eslint-resolver.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    plugins: { boundaries, "react-hooks": reactHooks },
    settings: {
      "import/resolver": { "./eslint-resolver.cjs": {} },
      "boundaries/elements": [
        { type: "app", pattern: "src/app" },
        { type: "feature", pattern: "src/features/*", capture: ["feature"] },
        { type: "auth", pattern: "src/auth" },
        { type: "data", pattern: "src/data" },
        { type: "ui", pattern: "src/ui" },
        { type: "i18n", pattern: "src/i18n" },
      ],
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "no-restricted-syntax": ["error", ...sentences],
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: [
            { allow: { to: { module: { origin: ["external", "core"] } } } },
            from("app", "app", "feature", "auth", "data", "ui", "i18n"),
            from("feature", "auth", "data", "ui", "i18n"),
            // A feature's own files, and no other feature's.
            {
              from: { element: { type: "feature" } },
              allow: {
                to: {
                  element: { type: "feature", captured: { feature: "{{ from.element.captured.feature }}" } },
                },
              },
            },
            from("auth", "auth", "data", "i18n"),
            from("data", "data", "i18n"),
            from("ui", "ui", "i18n"),
            from("i18n", "i18n"),
          ],
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.js", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
);
