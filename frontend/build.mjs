// Bundle the front end once: node build.mjs. Writes dist/{app.js,app.css,favicon.svg,fonts} and, last, dist/.ok.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compileAsync } from "sass";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SCRIPT_BUDGET = 120 * 1024; // bytes after gzip, the promise made for every page

/** Lets a style sheet import the few parts of Tabler that we use, which are written in Sass. */
const sass = {
  name: "sass",
  setup(bundle) {
    bundle.onLoad({ filter: /\.scss$/ }, async ({ path }) => {
      const { css } = await compileAsync(path, { loadPaths: [`${HERE}node_modules`], quietDeps: true });
      return { contents: css, loader: "css", resolveDir: HERE };
    });
  },
};

process.chdir(HERE);
await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await build({
  entryPoints: [
    { in: "src/app.ts", out: "app" },
    { in: "src/css/app.css", out: "app" },
    { in: "src/sw.ts", out: "sw" },
  ],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  assetNames: "fonts/[name]",
  loader: { ".woff2": "file", ".svg": "dataurl" },
  plugins: [sass],
  logLevel: "warning",
});
for (const name of ["favicon.svg", "favicon-unread.svg"]) await copyFile(`src/${name}`, `dist/${name}`);
await writeFile("dist/emoji.json", JSON.stringify(JSON.parse(await readFile("src/emoji.json", "utf8"))));

const size = async (name) => gzipSync(await readFile(`dist/${name}`), { level: 9 }).length;
const script = await size("app.js");
console.log(`app.js ${(script / 1024).toFixed(1)} kB, app.css ${((await size("app.css")) / 1024).toFixed(1)} kB (gzip)`);
if (script > SCRIPT_BUDGET) {
  console.error(`app.js is over its budget of ${SCRIPT_BUDGET / 1024} kB`);
  process.exit(1);
}
await writeFile("dist/.ok", `${script}\n`);
