/* Filters of a list work as a plain form; here each choice shows its list without a new page. */

const finder = document.querySelector("[data-finder]");
let asked = null;

/* Replace the rail and the list by those of `address`, keeping the place of the keyboard and what is unfolded. */
async function show(address, remember) {
  asked?.abort();
  asked = new AbortController();
  let answer;
  try {
    answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  } catch (problem) {
    if (problem.name !== "AbortError") location.assign(address);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-finder]");
  const unfolded = finder.querySelector("details")?.open;
  const here = document.activeElement;
  finder.replaceChildren(...fresh.children);
  const details = finder.querySelector("details");
  if (details) details.open = unfolded ?? details.open;
  sameAs(here)?.focus();
  const switcher = page.querySelector("header .lang");
  document.querySelector("header .lang")?.replaceWith(switcher);
  if (remember) history.pushState({ finder: true }, "", address);
  prepare();
}

/* Find the control that stands where `control` stood. */
function sameAs(control) {
  if (control?.id) return document.getElementById(control.id);
  if (!control?.name) return null;
  return finder.querySelector(`[name="${control.name}"][value="${CSS.escape(control.value)}"]`);
}

function addressOf(form, button) {
  const query = new URLSearchParams(new FormData(form));
  if (button?.name) query.append(button.name, button.value);
  const usual = form.elements.sort?.options?.[0]?.value;
  for (const name of ["sort", "q"]) if (["", usual].includes(query.get(name))) query.delete(name);
  return location.pathname + (query.size ? `?${query}` : "");
}

function prepare() {
  finder.querySelector("[data-show]")?.setAttribute("hidden", "");
}

finder.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.method === "get") show(addressOf(form), true);
});
finder.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  show(addressOf(event.target, event.submitter), true);
});
finder.addEventListener("click", (event) => {
  const link = event.target.closest("a.clear, .rail a, .pages a, .empty a, a[data-narrow]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const up = link.matches(".pages a, [data-narrow]");
  show(link.href, true).then(() => up && finder.scrollIntoView());
});
addEventListener("popstate", () => show(location.href, false));
prepare();
