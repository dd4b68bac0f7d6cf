/* Marks of reading are plain forms; here the list is marked in place, and the keyboard stays where it was. */

const place = document.querySelector("[data-reading]");

async function mark(form) {
  const here = form.querySelector("button").id;
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-reading]");
  if (!fresh) throw new Error("signed out");
  place.replaceChildren(...fresh.children);
  document.getElementById(here)?.focus({ preventScroll: true });
}

place?.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-mark]")) return;
  event.preventDefault();
  mark(form).catch(() => form.submit());
});
