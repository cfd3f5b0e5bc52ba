// The search box: whom the words lead to, while they are typed. Without this script it is a plain form.
import { onPage, post } from "./page.js";

const PAUSE = 250;
const WIDE = "\u2003";

const part = (tag, text, attributes) => Object.assign(document.createElement(tag), { textContent: text }, attributes);

/** One person: every written form of the name, sex, age and village, the end of a number. */
function row(person, place) {
  const item = part("li", "", { id: `bar-found-${place}` });
  const names = part("span", "", { className: "names" });
  for (const [text, lang] of person.names) names.append(part("bdi", text, lang ? { lang } : {}), " ");
  const more = part("small", "");
  for (const text of person.about.filter(Boolean)) more.append(part("bdi", text), WIDE);
  if (person.end) more.append(part("bdi", person.end, { dir: "ltr", className: "code" }));
  item.append(names, more);
  item.dataset.url = person.url;
  return item;
}

function start(form) {
  const field = form.querySelector("[name=q]");
  const list = form.querySelector("[role=listbox]");
  const said = form.querySelector("[role=status]");
  let timer = 0;
  let asking = null;
  let chosen = -1;
  // The words that the list answers; an older list never opens anybody.
  let answered = null;

  const words = () => field.value.trim();
  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    list.hidden = true;
    chosen = -1;
    answered = null;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    const items = Array.from(list.children);
    chosen = (place + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const fill = (found, asked) => {
    list.textContent = "";
    found.lines.forEach((person, place) => list.append(row(person, place)));
    said.textContent = found.lines.length ? "" : form.dataset.none;
    if (!found.lines.length) {
      if (!found.add) return close();
      const item = part("li", "", { id: "bar-found-add" });
      item.append(part("span", form.dataset.none), " ", part("strong", form.dataset.add));
      item.dataset.url = found.add;
      list.append(item);
    }
    Array.from(list.children).forEach((item) => item.setAttribute("role", "option"));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    answered = asked;
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const asked = words();
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    try {
      const answer = await post(form.dataset.find, new URLSearchParams({ q: asked }), { signal: mine.signal });
      // Sent to another page: the screen is locked, or the session has ended.
      if (answer.redirected) return document.dispatchEvent(new Event("shipa:locked"));
      if (!answer.ok) return close();
      const found = await answer.json();
      if (mine === asking && asked === words()) fill(found, asked);
    } catch (_) {
      // Cancelled by the next letter, or the line is lost: the field stays a plain one.
    }
  };
  const later = () => {
    clearTimeout(timer);
    if (!words()) return close();
    if (words() !== answered) timer = setTimeout(ask, PAUSE);
  };

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", (event) => event.isComposing || later());
  // What waits to be asked are letters that have just become part of something unfinished.
  field.addEventListener("compositionstart", () => clearTimeout(timer));
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", () => setTimeout(() => field === document.activeElement || close(), 150));
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) location.assign(item.dataset.url);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || list.hidden) return;
    if (event.code === "ArrowDown") mark(chosen + 1);
    else if (event.code === "ArrowUp") mark(chosen < 0 ? -1 : chosen - 1);
    else if (event.code === "Escape") close();
    else if (/Enter$/.test(event.code) && !event.ctrlKey && (chosen >= 0 || answered === words())) {
      location.assign(list.children[Math.max(chosen, 0)].dataset.url);
    } else return;
    event.preventDefault();
  });
}

onPage(() => document.querySelectorAll("[data-find]").forEach(start));
