// The rules of the server (src/company.rs), applied while people type. The server has the last word.
(() => {
  const $ = (id) => document.getElementById(id);
  const { rules, generic, noPostal, fields, say } = JSON.parse($("rules").textContent);
  const form = $("company");
  const button = $("create-company");
  const names = [...form.querySelectorAll("select, input:not([type=hidden])")].map((input) => input.name);
  const space = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
  const unseen = /[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
  let sending = false;
  let listed;

  const narrow = (value) =>
    value
      .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/[\u2010-\u2015\u2212\u30fc]/g, "-");

  const whole = (pattern, value) => new RegExp(`^(?:${pattern})$`).test(value);

  const isPhone = (value) => {
    const digits = value.replaceAll("(0)", "").replace(/[ \-()./]/g, "");
    return /^(?:\+|00)[1-9]\d{6,14}$/.test(digits);
  };

  const isWebsite = (value) => {
    try {
      const url = new URL(/^https?:\/\//i.test(value) ? value : `https://${value}`);
      return !/[ \\]/.test(value) && !url.username && !url.password
        && /^[^.]+(\.[^.]+)+$/.test(url.hostname) && !/^[\d.]+$/.test(url.hostname) && url.href.length <= fields.website[0];
    } catch {
      return false;
    }
  };

  const problem = (name) => {
    const country = $("country").value;
    const [postal, postalExample, vat, vatExample] = [...(rules[country] ?? []), ...generic.slice((rules[country] ?? []).length)];
    const [max, needed] = fields[name];
    const value = $(name).value.split(space).filter(Boolean).join(" ");
    if (unseen.test(value)) return say.unseen;
    if (!value) return needed && !(name === "postalCode" && noPostal.includes(country || "-")) ? say.missing : "";
    if ([...value].length > max) return say.tooLong.replace("{}", max);
    const code = narrow(value).toUpperCase();
    if (name === "postalCode" && !whole(postal, code)) return say.postalCode.replace("{}", postalExample);
    if (name === "vatNumber" && !whole(vat, code.replace(/[ .\-/]/g, ""))) return say.vatNumber.replace("{}", vatExample);
    if (name === "phone" && !isPhone(code)) return say.phone;
    if (name === "website" && !isWebsite(narrow(value))) return say.website;
    return "";
  };

  // `loud` names the fields whose problem is shown now; the others keep quiet until they are left.
  const refresh = (loud) => {
    const wrong = names.map((name) => [name, problem(name)]).filter(([, text]) => text);
    const said = new Map(wrong);
    const postalOptional = noPostal.includes($("country").value || "-");
    $("postalCode-optional").hidden = !postalOptional;
    for (const name of names) {
      const text = said.get(name) ?? "";
      const place = $(`${name}-error`);
      if (text && place.hidden && !loud(name)) continue;
      place.hidden = !text;
      place.textContent = text;
      $(name).toggleAttribute("aria-invalid", false);
      if (text) $(name).setAttribute("aria-invalid", "true");
    }
    $("problems").hidden = wrong.length === 0;
    // The same list stays, so that a link in it keeps the focus and a press of it is not lost.
    if (listed !== String(wrong)) $("problems").querySelector("ul").replaceChildren(...wrong.map(([name, text]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${name}`;
      link.textContent = form.querySelector(`label[for=${name}]`).firstChild.data + say.colon + text;
      item.append(link);
      return item;
    }));
    listed = String(wrong);
    button.classList.toggle("off", wrong.length > 0);
    if (wrong.length) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    const status = wrong.length ? say.notReady : say.ready;
    if ($("status").textContent !== status) $("status").textContent = status;
    return wrong;
  };

  const all = () => true;
  let pause;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    refresh(() => false);
    pause = setTimeout(() => refresh((name) => name === target.name), 700);
  });
  form.addEventListener("change", ({ target }) => {
    refresh((name) => name === target.name || target.name === "country");
  });
  $("problems").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    $(link.hash.slice(1)).focus();
  });
  // The field that is left keeps the focus until the press is done: what is said about it would otherwise move the button
  // or the link away from under the pointer, and the press would be lost.
  for (const pressed of [button, $("problems")]) pressed.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    const [first] = refresh(all);
    if (first || sending) event.preventDefault();
    if (first) return $(first[0]).focus();
    sending = true;
    button.disabled = true;
    button.textContent = say.creating;
  });
  // Also when the page comes back from the history, with what was typed.
  addEventListener("pageshow", () => {
    sending = false;
    button.disabled = false;
    button.textContent = say.create;
    refresh(all);
  });
})();
