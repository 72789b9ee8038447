// Writes countries.tsv, the names of all countries in every language, from the Unicode CLDR:
//
//   npm install --prefix DIR cldr-localenames-full
//   node src/text/countries.mjs DIR/node_modules/cldr-localenames-full > src/text/countries.tsv
//
// Node must have full ICU, as every official build has: its collator decides the order. That is the
// alphabet for the Latin scripts, strokes for zh-Hant, pinyin for zh-Hans and the CLDR order for ja.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const source = process.argv[2];
const languages = ["en", "de", "fr", "it", "es", "ja", "zh-Hans", "zh-Hant"];

// In CLDR, but not assigned in ISO 3166-1: reserved codes, groupings and pseudo-regions. Kosovo (XK)
// is not assigned either, and stays.
const unassigned = new Set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split(" "));
// The short form where the long one would be unwieldy in a list ("Hong Kong SAR China").
const short = new Set(["HK", "MO", "PS"]);

const read = (file) => JSON.parse(readFileSync(join(source, file), "utf8"));
const { version } = read("package.json");
const licence = "licence Unicode-3.0, https://www.unicode.org/license.txt";
console.log(`# Unicode CLDR ${version}, ${licence}. Written by countries.mjs; do not edit.`);
for (const language of languages) {
  const names = read(`main/${language}/territories.json`).main[language].localeDisplayNames.territories;
  const name = (code) => (short.has(code) && names[`${code}-alt-short`]) || names[code];
  const codes = Object.keys(names).filter((code) => /^[A-Z]{2}$/.test(code) && !unassigned.has(code));
  if (codes.length !== 250) throw new Error(`${language}: ${codes.length} countries, expected 250`);
  const { compare } = new Intl.Collator(language);
  codes.sort((one, other) => compare(name(one), name(other)));
  for (const code of codes) console.log(`${language}\t${code}\t${name(code)}`);
}
