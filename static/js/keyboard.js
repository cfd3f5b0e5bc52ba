// The keyboard: Enter goes on, function keys press what carries their name, by place and not by letter.
import { onPage } from "./page.js";

const MEMORY = "shipa-keys";
const FUNCTION_KEYS = ["F2", "F3", "F4", "F7", "F8", "F9"];
const off = () => localStorage.getItem(MEMORY) === "off";

function press(key) {
  const all = document.querySelectorAll(`[data-key="${key}"]`);
  const target = Array.from(all).find((element) => element.offsetParent);
  if (!target) return false;
  if (target.tagName === "INPUT") {
    target.focus();
    target.select();
  } else target.click();
  return true;
}

/** The stops of a form in order; of a group of choices the chosen or first one. */
function stops(form) {
  const names = (form.dataset.enterOrder || "").split(",").filter(Boolean);
  const found = new Map();
  for (const control of form.elements) {
    if (!control.matches("input:not([type=hidden]):not([type=submit]),select,textarea") || control.disabled || !control.offsetParent) continue;
    const key = control.type === "radio" ? control.name : control;
    if (!found.has(key) || control.checked) found.set(key, control);
  }
  const controls = Array.from(found.values());
  if (!names.length) return controls;
  return names.map((name) => controls.find((control) => control.name === name)).filter(Boolean);
}

/** To the next stop of the form; from the last one to its save. */
export function goOn(event) {
  const here = event.target;
  const form = here.form;
  if (!form || !form.matches("[data-main]") || !here.matches("input,select") || here.type === "submit") return false;
  const order = stops(form);
  const own = order.indexOf(here);
  // A group of choices is one stop, whichever of them has the focus.
  const place = own < 0 ? order.findIndex((stop) => stop.name === here.name && stop.type === here.type) : own;
  const next = order[place + 1];
  if (next) {
    next.focus();
    if (next.select && next.type !== "radio") next.select();
  } else save(form);
  return true;
}

function save(form) {
  const button = form.querySelector("[data-save]") || form.querySelector("button:not([type=button])");
  if (!button) return false;
  button.click();
  return true;
}

// Codes of two digits: the second one counts when it follows the first one soon.
const SOON = 600;
let begun = null;

const isChoice = (element) => element.type === "radio" || element.type === "checkbox";
const number = (input) => input.closest("label").querySelector(".paper-code").textContent.trim().replace(/^0(?=.)/, "");

/** The choice that the paper gives this number; 0 is its 10. */
function byCode(inputs, code) {
  const coded = (wanted) => inputs.find((input) => number(input) === wanted);
  return coded(code) || (code === "0" ? coded("10") : null);
}

/** One answer is enough: a choice that excludes the others takes the cursor on. */
const isEnough = (choice) => choice.type === "radio" || ("alone" in choice.dataset && choice.checked);

/** A choice that is made already and is enough stays made: its key confirms it. Of several, the key takes one back. */
function pick(choice) {
  const stays = choice.checked && isEnough(choice);
  choice.focus();
  if (!stays) choice.click();
}

/** Whether the next stop is a day that this very answer opens: the rules propose it, Enter leads there. */
function opensDay(choice) {
  const day = choice.form.elements.next_due_date;
  const box = day && day.closest("[data-when]");
  return Boolean(box) && Boolean(day.offsetParent) && JSON.parse(box.dataset.when).field === choice.name;
}

/** On from an answer given by key; not into a day that it opens, which a second digit would spoil. */
function goOnFrom(choice) {
  return !opensDay(choice) && goOn({ target: choice });
}

/** Forget the digit that was begun; tells what it had chosen. */
function forget() {
  const was = begun;
  if (was) clearTimeout(was.timer);
  begun = null;
  return was;
}

/** The first digit chooses at once and waits for a second one only where the paper has such a code. */
function pickFirst(group, inputs, digit) {
  const choice = byCode(inputs, digit);
  if (!choice) return false;
  const before = inputs.map((input) => input.checked);
  pick(choice);
  if (inputs.some((input) => number(input).length > 1 && number(input)[0] === digit)) {
    const timer = setTimeout(() => forget() && group.contains(document.activeElement) && isEnough(choice) && goOn({ target: choice }), SOON);
    begun = { group, digit, choice, before, timer };
  } else if (isEnough(choice)) goOnFrom(choice);
  return true;
}

/** Two digits that could have been two choices: the group says what they were taken for, and how to press both. */
function tell(group, code) {
  const said = document.createElement("p");
  said.className = "hint together";
  said.setAttribute("role", "status");
  const number = document.createElement("bdi");
  number.dir = "ltr";
  number.textContent = code;
  said.append(number, ": ", group.form.dataset.together);
  group.append(said);
}

function hush(group) {
  for (const said of group.querySelectorAll(".together")) said.remove();
}

/** The second digit: with the first one a code of its own, or the first one held and this one goes on from there. */
function pickSecond(was, inputs, event, digit) {
  const choice = byCode(inputs, was.digit + digit);
  if (choice) {
    inputs.forEach((input, place) => (input.checked = was.before[place]));
    pick(choice);
    if (choice.type === "checkbox" && byCode(inputs, digit) !== choice && byCode(inputs, digit)) tell(was.group, was.digit + digit);
    if (isEnough(choice)) goOn({ target: choice });
    return true;
  }
  if (!isEnough(was.choice) || !goOn({ target: was.choice })) return pickFirst(was.group, inputs, digit);
  const here = document.activeElement;
  return isChoice(here) ? choose({ target: here, code: event.code }) : false;
}

/** 1 to 9 choose in a group: by the paper's code where it has codes, else by place. */
function choose(event) {
  const was = forget();
  if (!isChoice(event.target)) return false;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  const group = event.target.closest("fieldset");
  if (!digit || !group) return false;
  const inputs = Array.from(group.querySelectorAll("input"));
  hush(group);
  if (!("codes" in group.dataset)) {
    const choice = inputs[digit[1] - 1];
    if (choice) pick(choice);
    return Boolean(choice);
  }
  if (was && was.group === group) return pickSecond(was, inputs, event, digit[1]);
  return pickFirst(group, inputs, digit[1]);
}

const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]),textarea,select");

// A card reader types faster than any hand and ends with Enter, some with two: the second would leave the next field.
const BURST = 12;
const GAP = 50;
let burst = { keys: 0, at: 0, ended: -GAP };

function isSecondEnter(event) {
  const since = event.timeStamp - burst.at;
  if (event.code !== "Enter") {
    burst = { keys: since < GAP && event.target.dataset.check ? burst.keys + 1 : 1, at: event.timeStamp, ended: -GAP };
    return false;
  }
  if (event.timeStamp - burst.ended < GAP) return true;
  if (event.target.dataset.check && burst.keys >= BURST && since < GAP) burst = { keys: 0, at: 0, ended: event.timeStamp };
  return false;
}

// Whatever comes in between, also without keys (an input method, a paste), makes the next Enter a first one.
document.addEventListener("input", () => {
  burst.ended = -GAP;
});

/** On a page without a form what one types is a name or a number to search by, wherever the focus stands. */
function seek(event) {
  const isSign = event.key.length === 1 && event.key !== " ";
  if (isSign && !event.target.closest("input,select,textarea,button") && !document.querySelector("form[data-main]")) press("F2");
  // The sign itself is typed by the browser, into what has the focus now.
  return false;
}

function answer(event) {
  if (!/^(?:Digit|Numpad)[0-9]$/.test(event.code)) forget();
  if (isSecondEnter(event)) return true;
  if (event.code === "Enter" || event.code === "NumpadEnter") {
    // A key that is held down means one step, not all of them.
    if (event.repeat) return true;
    const main = document.querySelector("form[data-main]");
    if (event.ctrlKey) return Boolean(main) && save(main);
    return !event.shiftKey && !event.altKey && goOn(event);
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.shiftKey) return seek(event);
  if (event.code === "Escape") return press("Escape");
  if (event.code === "Slash" && !typing(event.target)) return press("F2");
  if (FUNCTION_KEYS.includes(event.code)) return !off() && press(event.code);
  return choose(event) || seek(event);
}

document.addEventListener("keydown", (event) => {
  // 229: the key belongs to an input method that is still composing.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (document.documentElement.classList.contains("covered")) return;
  if (answer(event)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  if (!event.target.closest("[data-keys-toggle]")) return;
  localStorage.setItem(MEMORY, off() ? "on" : "off");
  mark();
});

function mark() {
  document.documentElement.classList.toggle("no-keys", off());
  const toggle = document.querySelector("[data-keys-toggle]");
  if (toggle) toggle.setAttribute("aria-pressed", String(off()));
}

onPage(mark);
