// Knowledge checks answered in place. Without this script the same form reloads the page.
async function answer(form) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch" },
  });
  if (!response.ok || response.redirected) {
    form.submit();
    return;
  }
  const place = form.closest(".check");
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  const fresh = holder.content.querySelector(".check");
  place.replaceWith(fresh);
  const explained = fresh.querySelector(".explanation") ?? fresh;
  explained.tabIndex = -1;
  explained.focus({ preventScroll: false });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-check]") || !form.querySelector(":checked")) return;
  event.preventDefault();
  answer(form).catch(() => form.submit());
});
