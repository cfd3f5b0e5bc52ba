// The institution on the sign-in page: a list as one types, by code or part of a name, with its county.
import { onPage } from "./page.js";

const PAUSE = 250;

function option(clinic, place, list) {
  const item = document.createElement("li");
  item.id = `${list.id}-${place}`;
  item.setAttribute("role", "option");
  item.dataset.code = clinic.code;
  for (const [text, lang] of [[clinic.name_ug, "ug"], [clinic.name_zh, "zh"]]) {
    if (!text) continue;
    const name = document.createElement("bdi");
    name.lang = lang;
    name.textContent = text;
    item.append(name, " ");
  }
  const more = document.createElement("small");
  const county = document.createElement("bdi");
  const code = document.createElement("bdi");
  county.lang = "zh";
  county.textContent = clinic.county_zh;
  code.dir = "ltr";
  code.textContent = clinic.code;
  more.append(county, " ", code);
  item.append(more);
  return item;
}

function start(frame) {
  const field = frame.querySelector("input");
  const list = frame.querySelector("[role=listbox]");
  let timer = 0;
  let asking = null;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
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
  const take = (item) => {
    field.value = item.dataset.code;
    const said = frame.querySelector(".suggest-chosen") || document.createElement("p");
    said.className = "hint suggest-chosen";
    said.setAttribute("role", "status");
    said.textContent = "";
    item.querySelectorAll(":scope > bdi").forEach((name) => said.append(name.cloneNode(true), " "));
    field.after(said);
    close();
  };
  const ask = async () => {
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      const url = `${frame.dataset.suggest}?q=${encodeURIComponent(field.value.trim())}`;
      const answer = await fetch(url, { signal: asking.signal, credentials: "same-origin" });
      if (!answer.ok) return close();
      const found = await answer.json();
      list.textContent = "";
      found.forEach((clinic, place) => list.append(option(clinic, place, list)));
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      chosen = -1;
    } catch (_) {
      // Cancelled by the next letter, or the line is lost: the field stays a plain one.
    }
  };
  const later = () => {
    clearTimeout(timer);
    if (field.value.trim().length < 2) return close();
    timer = setTimeout(ask, PAUSE);
  };

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", (event) => event.isComposing || later());
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) take(item);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.code === "ArrowDown") mark(chosen + 1);
    else if (event.code === "ArrowUp") mark(chosen - 1);
    else if (event.code === "Escape") close();
    else if (/Enter/.test(event.code) && chosen >= 0) take(list.children[chosen]);
    else return;
    event.preventDefault();
  });
}

onPage(() => document.querySelectorAll("[data-suggest]").forEach(start));
