// What e-mail programs do not support in these files, by the data of caniemail.com; nothing is printed if all is well.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { caniemail } from "caniemail";

const clients = ["outlook.*", "gmail.*", "apple-mail.*"];

// E-mails are as readable without them: colours of the dark scheme, round corners, breaks in a long link, roles for screen
// readers; the body's own style is repeated on the table within it.
const spared = new Set([
  "@media", "color-scheme CSS property", "color-scheme meta tag", "border-radius", "overflow-wrap", "overflow", "word-break",
  "<style> element", "<body> element", "role attribute",
]);

for (const file of process.argv.slice(2)) {
  const { issues } = caniemail({ clients, html: readFileSync(file, "utf8") });
  for (const [client, found] of issues.errors) {
    const titles = new Set(found.map(({ title }) => title).filter((title) => !spared.has(title)));
    if (titles.size) console.log(`${basename(file)}: ${client} does not support ${[...titles].join(", ")}`);
  }
}
