// Sending a form: once, and on a lost line never at the price of what was typed.
import { settled } from "./drafts.js";
import { answers, onPage, post, say, show, target } from "./page.js";

let pressed = null;
const buttons = (form) => Array.from(form.elements).filter((control) => control.type === "submit");
const free = (form) => buttons(form).forEach((button) => (button.disabled = false));

// Enter presses a form's first button too, so a click always tells which one it was.
document.addEventListener("click", (event) => {
  pressed = event.target.closest("button,input[type=submit]");
});

async function send(form, button) {
  const slow = setTimeout(() => say("busy"), 600);
  try {
    if (form.dataset.draft) await settled();
    const answer = await post((button && button.getAttribute("formaction")) || target(form), answers(form, button));
    if (answer.status >= 500) throw answer;
    form.dispatchEvent(new CustomEvent("shipa:sent", { bubbles: true }));
    await show(answer);
  } catch (why) {
    free(form);
    if (form.dataset.draft) form.dispatchEvent(new CustomEvent("shipa:unsent", { bubbles: true }));
    say(why.status === 507 ? "full" : "lost", () => {
      say("");
      start(form, button);
    });
  } finally {
    clearTimeout(slow);
  }
}

function start(form, button) {
  buttons(form).forEach((each) => (each.disabled = true));
  send(form, button);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const button = pressed && pressed.form === form ? pressed : null;
  if (form.matches("[data-main]:not([data-native])")) {
    event.preventDefault();
    start(form, button);
  } else if (form.getAttribute("method") === "post") {
    // After the browser has read which button was pressed; the answer or the way back frees it.
    form.dataset.sent = "1";
    setTimeout(() => buttons(form).forEach((each) => (each.disabled = true)));
  }
});

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    free(form);
  }
});

onPage(() => (pressed = null));
