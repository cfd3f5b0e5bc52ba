// Pages: what runs on each of them, and how one takes another's place in the same window.

const starters = [];

/** Runs `start` on this page and on every page that takes its place. */
export function onPage(start) {
  starters.push(start);
  start();
}

/** A word or sentence that the template gave this script, from #line's data attributes. */
export function say(word, again) {
  const line = document.getElementById("line");
  if (!line) return;
  line.textContent = word ? line.dataset[word] : "";
  line.hidden = !word;
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-plain";
  button.textContent = line.dataset.repeat;
  button.addEventListener("click", again);
  line.append(" ", button);
  button.focus();
}

/** Where a form goes; its own `action` could be hidden by a field of that name. */
export const target = (form) => form.getAttribute("action") || location.href;

/** A form as the server wants it, with the button that sends it. `bare` leaves out passwords. */
export function answers(form, button, bare) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const asked = bare && form.elements[name] && form.elements[name].type === "password";
    if (typeof value === "string" && !asked) body.append(name, value);
  }
  if (button && button.name) body.append(button.name, button.value);
  return body;
}

/** Posts `body`; throws when the line is lost, never on an answer. */
export function post(url, body, more) {
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  return fetch(url, Object.assign({ method: "POST", body, headers, credentials: "same-origin" }, more));
}

function styled(next) {
  const mine = document.querySelector("link[data-style]");
  const theirs = next.querySelector("link[data-style]");
  if (!theirs || mine.getAttribute("href") === theirs.getAttribute("href")) return null;
  return new Promise((done) => {
    theirs.onload = theirs.onerror = () => {
      mine.remove();
      done();
    };
    mine.after(theirs);
  });
}

/** Puts an answer in place of this page. `stay` keeps the address; `last` runs just before. */
export async function show(answer, stay, last) {
  const kind = answer.headers.get("Content-Type") || "";
  if (!kind.startsWith("text/html")) return location.assign(answer.url);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  await styled(next);
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.documentElement.dir = next.documentElement.dir;
  if (!stay && answer.url !== location.href) history.pushState(null, "", answer.url);
  shown = address();
  if (last) last();
  document.body.replaceWith(next.body);
  if (!stay) scrollTo(0, 0);
  starters.forEach((start) => start());
  // What had the focus is gone: go on from the top of what took its place.
  if (document.activeElement === document.body) document.getElementById("main").focus();
}

// A page that took another's place is not in the browser's memory: ask the server for it.
const address = () => location.pathname + location.search;
let shown = address();
addEventListener("popstate", () => address() === shown || location.reload());

// The list of errors leads into the fields themselves.
document.addEventListener("click", (event) => {
  const link = event.target.closest('.notice a[href^="#"]');
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
});

onPage(() => {
  document.documentElement.classList.add("scripts");
  // A form that stands far down its page takes the focus only when there is something to correct.
  const main = document.getElementById("errors") ? "form[data-main]" : "form[data-main]:not([data-later])";
  const fields = Array.from(document.querySelectorAll(`${main} .field input,${main} .field select`));
  const first =
    document.querySelector('[aria-invalid="true"]') ||
    // A fault of the whole form, such as a wrong password: what must be typed again is empty.
    (document.getElementById("errors") && fields.find((field) => !field.value)) ||
    document.querySelector("[autofocus]") ||
    fields.find((field) => field.type !== "radio" || field.checked);
  // On a page that the browser opened itself it sees to `autofocus`, but not always: where nothing has the
  // focus yet, it is given here.
  const free = document.activeElement === document.body;
  if (first && (free || document.readyState === "complete" || !first.autofocus)) first.focus();
});
