// Clinical forms: the cursor goes on by itself, fields come and go with the answers, rules speak while one types.
import { answers, onPage, post } from "./page.js";
import { goOn } from "./keyboard.js";

const PAUSE = 500;
const HABIT = 800;
let timer = 0;
let asked = null;
let landed = { on: null, at: 0 };

const clinical = (element) => element && element.form && element.form.matches(".form-clinical") && element.form;
const digits = (field) => /^\d+$/.test(field.value) && Number(field.value);

/** One more digit would be more than the field can hold: 95 of 300 goes on, 30 waits. */
function isFull(field) {
  const number = digits(field);
  return Boolean(number) && number * 10 > Number(field.dataset.most) && field.selectionEnd === field.value.length;
}

function value(form, name) {
  return Array.from(new FormData(form).getAll(name)).filter(Boolean);
}

function holds(form, when) {
  if (when.any) return when.any.some((part) => holds(form, part));
  if (when.all) return when.all.every((part) => holds(form, part));
  if (when.not) return !holds(form, when.not);
  if (!when.field) return null;
  const given = value(form, when.field);
  return when.given ? given.length > 0 : given.some((each) => when.in.includes(each));
}

function arrange(form) {
  for (const box of form.querySelectorAll("[data-when]")) {
    const met = holds(form, JSON.parse(box.dataset.when));
    if (met !== null) box.classList.toggle("unmet", !met);
  }
}

/** "None" excludes the others, and the others exclude it. */
function settle(field) {
  if (field.type !== "checkbox" || !field.checked) return;
  for (const other of field.closest("fieldset").querySelectorAll("input[type=checkbox]")) {
    if (other !== field && ("alone" in field.dataset || "alone" in other.dataset)) other.checked = false;
  }
}

async function look(form) {
  if (asked) asked.abort();
  asked = new AbortController();
  try {
    const answer = await post(form.dataset.look, answers(form), { signal: asked.signal });
    if (!answer.ok || answer.redirected || !form.isConnected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("look");
    const here = document.getElementById("look");
    if (!next || !here || here.contains(document.activeElement)) return;
    here.replaceWith(next);
    propose(form, next);
  } catch (_) {
    // A lost line or a newer question: the form itself is judged again when it is sent.
  }
}

function propose(form, next) {
  const computed = JSON.parse(next.dataset.computed || "{}");
  for (const output of form.querySelectorAll("output[data-computed]")) {
    const bdi = output.querySelector("bdi");
    if (bdi) bdi.textContent = computed[output.dataset.computed] || "–";
  }
  const day = form.elements.next_due_date;
  if (day && next.dataset.next && (!day.value || day.dataset.proposed === day.value)) {
    day.value = day.dataset.proposed = next.dataset.next;
    day.closest(".field").classList.add("carried");
  }
}

/** What was wrong with the old answer is not said of the new one. */
function forgive(field) {
  for (const box of [field.closest("td"), field.closest(".field")]) {
    if (!box) continue;
    for (const error of box.querySelectorAll(":scope > .field-error")) error.remove();
    box.removeAttribute("aria-describedby");
  }
  for (const each of field.form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)) {
    each.removeAttribute("aria-invalid");
    each.removeAttribute("aria-describedby");
  }
  const told = document.querySelector(`#errors a[href="#${CSS.escape(field.name)}"]`);
  if (!told) return;
  told.closest("li").remove();
  const summary = document.getElementById("errors");
  if (!summary.querySelector("li")) summary.remove();
}

/** Typing into the last row of a table brings the next empty one. */
function grow(field) {
  const row = field.closest("[data-row]");
  if (!row || row.nextElementSibling || !field.value) return;
  const place = row.parentElement.children.length;
  if (place >= Number(row.parentElement.dataset.most)) return;
  const next = row.cloneNode(true);
  const renamed = (text) => text.replace(/-\d+-/, `-${place}-`);
  for (const control of next.querySelectorAll("[id],[name],[for]")) {
    for (const name of ["id", "name", "for"]) if (control.hasAttribute(name)) control.setAttribute(name, renamed(control.getAttribute(name)));
    control.removeAttribute("aria-describedby");
    control.removeAttribute("aria-invalid");
    if (control.type === "checkbox") control.checked = false;
    else if ("value" in control) control.value = "";
  }
  for (const error of next.querySelectorAll(".field-error")) error.remove();
  row.after(next);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  const form = clinical(field);
  if (!form) return;
  grow(field);
  forgive(field);
  const group = field.closest(".carried");
  if (group) group.classList.remove("carried");
  settle(field);
  arrange(form);
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE, form);
  if (field.dataset.most && event.inputType === "insertText" && isFull(field)) {
    goOn({ target: field });
    landed = { on: document.activeElement, at: Date.now() };
  }
});

// Who presses Enter out of habit after the cursor went on by itself must not skip a field.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.code !== "Enter" && event.code !== "NumpadEnter") return;
    if (event.target !== landed.on || Date.now() - landed.at > HABIT || event.ctrlKey) return;
    landed.on = null;
    event.preventDefault();
  },
  true,
);

onPage(() => {
  const form = document.querySelector(".form-clinical");
  if (form) arrange(form);
});
