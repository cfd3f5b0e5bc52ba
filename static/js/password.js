// Show password: the Uyghur layout may be on without anybody noticing.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show-password]");
  if (!button) return;
  const field = document.getElementById(button.dataset.showPassword);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  field.focus();
});
// A password that is shown is sent as one: browsers must not offer to remember it as text.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll('[data-show-password][aria-pressed="true"]')) button.click();
}, true);
