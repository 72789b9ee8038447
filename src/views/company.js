// The rules of the server (src/domain/company/), applied while people type: never stricter than there, since a button that stays
// grey is a dead end. The server has the last word.
(() => {
  const $ = (id) => document.getElementById(id);
  // In the order of `write_rules` (src/views/form_rules.rs).
  const [
    rules, codes, regional, missing, unseenText, postalText, anyPostalText, vatText, phoneText, websiteText, examples,
    exampleText, missingTexts, wrongTexts, comma, creating, ready, notReady, labels,
  ] = JSON.parse($("rules").textContent);
  const form = $("company"), button = $("create-company"), country = $("country"), details = form.querySelector("details");
  const lead = $("lead"), summaries = [$("attention"), $("problems")];
  const inputs = [...form.elements].filter((input) => input.id && input !== button);
  // White space as in Rust.
  const space = /[\s\x85]+/g;
  const create = button.textContent;
  let sending = false;
  let listed;

  const table = new Map(rules.split(";").flatMap((row) => {
    const [alike, ...rule] = row.split("~");
    return alike.match(/../g).map((code) => [code, rule]);
  }));
  // The names and their order are the browser's own (Unicode CLDR): 250 of them are too much for a page. The codes are
  // those of the table and of a list.
  const { lang } = document.documentElement;
  const naming = (style) => new Intl.DisplayNames(lang, { type: "region", style });
  const long = naming("long"), short = naming("short");
  // On the page stand only the first line of the list and the country that is chosen.
  const chosen = [...country].pop().value;
  const others = codes.split(" ").flatMap(([first, ...rest]) => rest.map((second) => first + second));
  const names = new Map([...table.keys()].slice(1).concat(others).map((code) => [code, (/HK|MO|PS/.test(code) ? short : long).of(code)]));
  const places = [...names].sort(([, one], [, two]) => one.localeCompare(two, lang));
  country.replaceChildren(country[0], ...places.map(([code, name]) => new Option(name, code)));
  country.value = chosen;

  // What the server filled in and what it said about that, and what the seller registered.
  const filled = (input) => input === country ? chosen : input.defaultValue;
  const judged = new Map(inputs.map((input) => [input, $(`${input.name}-error`).textContent]));
  const registered = new Map(inputs.map((input) => [input, input.dataset.was ?? filled(input)]));
  // This tab alone keeps what was typed, for this invitation and this account, whose token the form carries.
  const drawer = form.elements.token.value;
  try {
    const draft = JSON.parse(sessionStorage[drawer]);
    for (const input of inputs) input.value = draft[input.name];
    // The label shows what the server filled in.
    details.open ||= inputs.some((input) => input.value !== filled(input));
  } catch {}
  const keep = () => {
    try {
      sessionStorage[drawer] = JSON.stringify(Object.fromEntries(inputs.map((input) => [input.name, input.value])));
    } catch {}
  };

  const usual = table.get("--");
  const like = (pattern, example) => example || pattern.replace(/#\{(.+?)\}/, (_, length) => "123456789012".slice(0, parseInt(length)));
  const rule = () => {
    const own = table.get(country.value);
    const [postal, example, ...vat] = own ?? usual;
    const [pattern, vatExample] = vat[0] ? vat : usual.slice(2);
    return [postal, like(postal, example), pattern, like(pattern, vatExample)];
  };
  const tidy = (typed) => typed.replace(space, " ").trim();
  const compact = (value) => value.toUpperCase().replace(/[\s./:#〒-]/g, "");
  const person = ["firstName", "lastName"];
  const needed = (name) =>
    name === "postalCode" ? !country.value || table.has(country.value)
    : name === "region" ? regional.includes(country.value || "-")
    : person.includes(name) ? !person.some((id) => $(id).value.trim())
    : !/vat|website|phone/.test(name);

  const whole = (pattern, value) => new RegExp(`^(${pattern.replaceAll("#", "\\d")})$`).test(value);
  // What is not ASCII is left to the server. Before the first digit may be a prefix or a label, which the server removes,
  // and the code of the country may be missing.
  const fits = (pattern, value) =>
    /[^ -~]/.test(value) ||
    [..."0" + value.match(/^\D*/)].some((_, at) => ["", country.value].some((code) => whole(pattern, code + value.slice(at))));
  // Its host is left to the server, but for what people mistake for a website: a name, or an e-mail address.
  const isWebsite = (value) => /^(?![^/?#:]+@)(https?:)?\/*[^/?# ]*([.%]|[^ -~])[^ ]*$/i.test(value);
  // An example is not broken over two lines.
  const fill = (text, example) => text.replace("{}", () => example.replaceAll(" ", "\xa0"));
  const phones = new Map(examples.split("|").map((example) => [example.slice(0, 2), example.slice(2)]));
  const phoneExample = () => phones.get(country.value) ?? phones.get("--");
  // As `with_article` (src/text/en.rs), for the countries that have a rule.
  const postalError = (example) =>
    table.has(country.value)
      ? fill(postalText, example).replace("{country}", () => names.get(country.value)).replace(/ in (?=United |Nether|Philipp|Domini|Faroe|Isle )/, " in the ")
      : fill(anyPostalText, example);

  const problem = (input) => {
    const { name, value: typed } = input;
    // Its word holds until the value is another one, or the country is by which the value is right or wrong.
    if (typed === filled(input) && !person.includes(name) && (country.value === chosen || !/postal|region|vat|phone/.test(name)))
      return judged.get(input);
    const [postal, postalLike, vat, vatLike] = rule();
    // The server removes invisible characters.
    const value = tidy(typed);
    if (/\p{Cc}/u.test(value)) return unseenText;
    if (!value) return needed(name) ? missing : "";
    const code = compact(value);
    if (name === "postalCode" && !fits(postal, code)) return postalError(postalLike);
    // The letters that begin a VAT number may be missing.
    if (name === "vatNumber" && !fits(vat.replace(/[A-Z]{2,3}(?=[#[(])/g, "(?:$&)?"), code)) return fill(vatText, vatLike);
    // Which numbers there are in which country is left to the server.
    if (name === "phone" && !fits(".*(#.*){3}", code)) return fill(phoneText, phoneExample());
    if (name === "website" && !isWebsite(value)) return websiteText;
    return "";
  };

  const put = (place, text) => {
    place.hidden = !text;
    if (place.textContent !== text) place.textContent = text;
  };
  const mark = (element, name, on) => on ? element.setAttribute(name, "true") : element.removeAttribute(name);
  // The same value may be written in several ways.
  const plain = ({ name }, typed) =>
    /vat|phone|postal/.test(name) ? compact(typed) : tidy(typed).replace(name === "website" ? /^https:..|\/$/gi : "", "");
  // What the seller registered stays in sight where it was changed.
  const compare = (input) => {
    const was = registered.get(input);
    const name = input === country ? names.get(was) : was;
    put($(`${input.name}-was`), name && plain(input, was) !== plain(input, input.value) ? form.dataset.by + name : "");
  };

  const sentence = (line, wrong) => {
    const [before, after] = line.split("{names}");
    const links = wrong.flatMap(([{ name, labels }], index) => {
      const link = document.createElement("a");
      link.href = `#${name}`;
      link.textContent = labels[0].firstChild.data.trim();
      return index ? [comma, link] : [link];
    });
    return [before, ...links, after];
  };

  // `loud` names the fields whose problem is shown now; the others keep quiet until they are left. So does the summary.
  const refresh = (loud, typing) => {
    const wrong = inputs.map((input) => [input, problem(input)]).filter(([, text]) => text);
    const said = new Map(wrong);
    for (const [name, usual, ...others] of labels) {
      const [label] = others.find(([, codes]) => codes.includes(country.value || "-")) ?? [usual];
      $(name).labels[0].firstChild.data = label + " ";
    }
    for (const name of ["postalCode", "region"]) $(`${name}-optional`).hidden = needed(name);
    for (const input of inputs) {
      compare(input);
      const text = said.get(input) ?? "";
      const place = $(`${input.name}-error`);
      if (text && place.hidden && !loud(input)) continue;
      put(place, text);
      mark(input, "aria-invalid", text);
    }
    // The message of an error has the example already.
    put($("phone-hint"), $("phone-error").hidden ? fill(exampleText, phoneExample()) : "");
    const listing = wrong.length && !(typing && summaries[0].hidden);
    lead.hidden = listing;
    if (wrong.length) details.open = true;
    // The same links stay, so that the focus on one is kept and a press of it is not lost.
    const texts = wrong.every(([, text]) => text === missing) ? missingTexts : wrongTexts;
    const line = texts[+(wrong.length > 1)].replace("{}", wrong.length);
    const fields = wrong.map(([input]) => input.name);
    for (const summary of summaries) {
      summary.hidden = !listing;
      if (listed !== line + fields) summary.replaceChildren(...sentence(line, wrong));
    }
    listed = line + fields;
    button.classList.toggle("off", wrong.length);
    mark(button, "aria-disabled", wrong.length || sending);
    put($("status"), wrong.length ? notReady : sending ? creating : ready);
    return wrong;
  };

  // No error appears while a person types; it goes as soon as the value is valid.
  form.addEventListener("input", () => {
    keep();
    refresh(() => false, true);
  });
  // A state belongs to its country, and comes back with it.
  const states = {};
  let before = country.value;
  const changeCountry = () => {
    const { region } = form.elements;
    states[before] = region.value;
    if (before) region.value = states[country.value] ?? "";
    before = country.value;
  };
  form.addEventListener("change", ({ target }) => {
    if (target === country) changeCountry();
    keep();
    refresh((input) => input === target || target === country);
  });
  // The field keeps the focus until the click is over: an error below it would move the button or the link away from the
  // pointer, and the click would be lost.
  for (const pressed of [button, ...summaries]) pressed.addEventListener("mousedown", (event) => event.preventDefault());
  // The button that was pressed is gone: for keyboard users, the focus moves to the first field.
  details.firstElementChild.addEventListener("click", ({ detail }) => detail || setTimeout(() => inputs[0].focus()));
  form.addEventListener("submit", (event) => {
    const again = sending;
    const [first] = refresh(() => true);
    if (first || again) event.preventDefault();
    if (first) return first[0].focus();
    sending = true;
    button.textContent = creating;
    refresh(() => true);
  });
  // Also when the page comes back from the history, with what was typed.
  addEventListener("pageshow", () => {
    sending = false;
    before = country.value;
    button.textContent = create;
    refresh(() => true);
  });
})();
