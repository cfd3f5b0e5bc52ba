// A list on its way in: how far it is, asked every two seconds; the whole page anew when it has ended.
import { onPage } from "./page.js";

const EVERY = 2000;

async function ask(section) {
  if (!section.isConnected) return;
  try {
    const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
    // Sent to another page: the screen is locked, or the session has ended.
    if (answer.redirected || !answer.ok) return;
    const { done, of, words, ended } = await answer.json();
    if (ended) return location.reload();
    const bar = section.querySelector("progress");
    section.querySelector("[role=status]").textContent = words;
    if (of) {
      bar.max = of;
      bar.value = done;
    }
  } catch (_) {
    // The line is down for a moment: the next round asks again.
  }
  setTimeout(ask, EVERY, section);
}

onPage(() => {
  const section = document.querySelector("[data-progress]");
  if (section) setTimeout(ask, EVERY, section);
});
