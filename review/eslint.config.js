import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "dist-world/", "gen/", "node_modules/"] },
  ...tseslint.configs.strict,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat.recommended,
  {
    rules: {
      // What came from elsewhere is shown as text, by UntrustedText.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Text is rendered as text.",
        },
      ],
    },
  },
  {
    // What the story plays can be done by whoever has a keyboard alone.
    files: ["tests/browser/{screens,story}.ts", "tests/browser/story/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^(click|dblclick|tap|hover|focus|fill|check|setChecked|selectOption|goto|goes)$/]",
          message: "By keyboard alone: press, reach, type.",
        },
      ],
    },
  },
  {
    files: ["src/**"],
    // Who was away is away by any clock, and this one goes on while a machine sleeps.
    ignores: ["src/app/idle.tsx"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "Date",
          property: "now",
          message: "The time is the service's: now() of api/clock.",
        },
      ],
    },
  },
);
