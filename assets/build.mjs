// Style sheets and script: `node assets/build.mjs OUT_FOLDER FONT_FILE FONT_FAMILY`, called by assets/build.py.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";
import { forChromium80 } from "./chromium80.mjs";

const [out, fontFile, fontFamily] = process.argv.slice(2);
const target = "chrome80";

/** Files of a hand-written folder in the order of their names. */
const own = (kind) =>
  readdirSync(`static/${kind}`).filter((name) => name.endsWith(`.${kind}`)).sort().map((name) => `static/${kind}/${name}`);

/** Names that Python may put into a page: only what stands in quotes, not the words of the code. */
const quotedWords = (content) =>
  (content.match(/"[^"\n]*"|'[^'\n]*'/g) ?? []).flatMap((text) => text.match(/[\w-]+/g) ?? []);

const ownStyle = own("css").map((path) => readFileSync(path, "utf8")).join("\n");
const ownVariables = ownStyle.match(/--bs-[\w-]+/g) ?? [];

/** Bootstrap, less every rule, variable and animation that no page of ours uses. */
async function bootstrap(file) {
  const [cut] = await new PurgeCSS().purge({
    content: ["saas/**/*.html", "saas/**/*.py", "tenants/**/*.html", "tenants/**/*.py", "static/js/*.js"],
    css: [file],
    extractors: [{ extractor: quotedWords, extensions: ["py"] }],
    // The roots of a page and of its variables stand in every document.
    safelist: { standard: ["html", "body", ":root"], variables: ownVariables },
    fontFace: true,
    keyframes: true,
    variables: true,
  });
  return (await postcss([forChromium80]).process(cut.css, { from: undefined })).css;
}

/** Faces in order of choice. Chinese has no web font: every Windows brings one. */
const faces = {
  ltr: ["Microsoft YaHei", "SimSun", "Noto Sans CJK SC", "Microsoft Uighur"],
  rtl: ["Microsoft Uighur", "UKIJ Ekran", "Tahoma", "Microsoft YaHei", "SimSun", "Noto Sans CJK SC"],
};

/** The Uyghur face; on left-to-right pages it draws Uyghur text alone, names among Chinese above all. */
function fontFace(direction) {
  const range = direction === "ltr" ? "unicode-range:U+0600-06FF,U+FB50-FDFF,U+FE70-FEFF;" : "";
  const chosen = [fontFamily, ...faces[direction]].map((name) => `"${name}"`).join(",");
  return `@font-face{font-family:"${fontFamily}";src:url("${fontFile}") format("woff2");${range}font-display:swap}
    :root{--bs-font-sans-serif:${chosen},sans-serif}`;
}

for (const [direction, file] of [["ltr", "bootstrap.css"], ["rtl", "bootstrap.rtl.css"]]) {
  const parts = [
    await bootstrap(join("node_modules/bootstrap/dist/css", file)),
    fontFace(direction),
    ownStyle,
  ];
  const { code } = await esbuild.transform(parts.join("\n"), {
    loader: "css", minify: true, target, legalComments: "none", charset: "utf8",
  });
  writeFileSync(join(out, `app.${direction}.css`), code);
}

await esbuild.build({
  stdin: { contents: own("js").map((path) => `import "./${path}";`).join("\n"), resolveDir: "." },
  bundle: true, minify: true, format: "iife", target, charset: "utf8", outfile: join(out, "app.js"), logLevel: "warning",
});
