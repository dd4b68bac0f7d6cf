// A ticket works once: when the new tab has opened, say so in place of the button. The form must be sent first.
const form = document.querySelector("[data-ticket]");
const opened = document.querySelector("[data-opened]");

form.addEventListener("submit", () => {
  setTimeout(() => {
    form.remove();
    opened.hidden = false;
    opened.focus();
  });
});
