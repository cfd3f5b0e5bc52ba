// A postcss step: writes what Bootstrap says in words that Chromium 80 does not know in words that it knows.

/** `gap` between flex items (Chromium 84) as margins; a grid's gap (66) stays. */
function gapUtility(rule) {
  const spaces = rule.nodes.filter((node) => /^(row-|column-)?gap$/.test(node.prop ?? ""));
  if (spaces.length === 0 || rule.nodes.some((node) => node.prop === "display" && /grid/.test(node.value))) return;
  const [name] = rule.selectors;
  const value = spaces[0].value.replace("!important", "");
  const across = { selector: `${name}:not(.d-grid):not(.vstack)>*+*`, nodes: [] };
  const down = { selector: `${name}.vstack>*+*`, nodes: [] };
  const grid = rule.clone({ selector: `${name}.d-grid` });
  rule.before(grid);
  rule.before(rule.clone(across).append({ prop: "margin-inline-start", value }));
  rule.before(rule.clone(down).append({ prop: "margin-block-start", value }));
  rule.remove();
}

/** `:not(.a:b)` (Chromium 88) as the two selectors `:not(.a)` and `:not(:b)`. */
function splitNot(selector) {
  const found = /:not\((\.[\w-]+|\[[^\]]+\])((?::[\w-]+|\.[\w-]+)+)\)/.exec(selector);
  if (!found) return [selector];
  const parts = [found[1], ...found[2].match(/[:.][\w-]+/g)];
  return parts.flatMap((part) => splitNot(selector.replace(found[0], `:not(${part})`)));
}

export const forChromium80 = {
  postcssPlugin: "for-chromium-80",
  Once(root) {
    root.walkRules((rule) => {
      rule.selectors = rule.selectors
        // Focus rings show after a click too: better than not at all.
        .map((selector) => selector.replace(/:focus-visible/g, ":focus"))
        // Chromium's own older name, which today's Chromium understands as well.
        .map((selector) => selector.replace(/::file-selector-button/g, "::-webkit-file-upload-button"))
        .flatMap(splitNot);
      gapUtility(rule);
    });
  },
};
