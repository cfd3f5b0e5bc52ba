// Drafts: what stands in a form is kept on the server while the person writes, never in the browser.
import { answers, onPage, post } from "./page.js";

const EVERY = 10000;
let changed = null;
let last = Promise.resolve();

// One after the other: what was typed earlier must not arrive last. Who leaves cannot wait.
function keep(leaving) {
  last = leaving ? send(true) : last.then(() => send(false));
}

// Before a form is sent itself: no draft of it may arrive after it and come to life again.
export function settled() {
  changed = null;
  return Promise.race([last, new Promise((done) => setTimeout(done, 1000))]);
}

async function send(leaving) {
  const form = changed;
  if (!form || !form.isConnected) return;
  changed = null;
  const body = answers(form, null, true);
  body.append("_page", form.dataset.draft);
  try {
    const answer = await post("/drafts", body, { keepalive: leaving });
    if (!answer.ok) throw new Error(answer.status);
    // Sent to another page: the screen is locked, or the session has ended.
    if (answer.redirected) return document.dispatchEvent(new Event("shipa:locked"));
    const note = form.querySelector("[data-draft-note]");
    const { kept_at: at } = await answer.json();
    if (note) note.innerHTML = `${note.dataset.text} <bdi dir="ltr">${at.slice(-5)}</bdi>`;
  } catch (_) {
    changed = changed || form;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.dataset.draft) changed = form;
});
document.addEventListener("shipa:sent", () => (changed = null));
document.addEventListener("shipa:unsent", (event) => (changed = event.target));
// Leaving a group of fields is a good moment too; so is leaving the page.
document.addEventListener("focusout", (event) => {
  const group = event.target.closest("fieldset,.group");
  if (group && !group.contains(event.relatedTarget)) keep(false);
});
addEventListener("visibilitychange", () => document.hidden && keep(true), true);
setInterval(() => keep(false), EVERY);

// The same form in the other language still has to be kept.
onPage(() => {
  if (!changed || changed.isConnected) return;
  const next = document.querySelector("form[data-draft]");
  changed = next && next.dataset.draft === changed.dataset.draft ? next : null;
});
