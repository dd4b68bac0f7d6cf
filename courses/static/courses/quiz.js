// Autosave: on every change (after a pause of two seconds), every 15 seconds, and when the page is
// left. Each save of an item has a higher number than the one before, so that one which arrives
// late never overwrites a newer one. What could not be sent waits and is tried again.
const form = document.querySelector("[data-autosave]");
const saved = document.querySelector("[data-saved]");
const dirty = new Set();
const numbers = new Map();
let pause = 0;
let busy = false;

function itemsOf(root) {
  return [...root.querySelectorAll("input[name=items]")];
}

function draft(item) {
  const inputs = [...form.elements].filter((input) => input.name === `r-${item}`);
  const response = inputs
    .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
    .map((input) => input.value);
  const seq = numbers.get(item) + 1;
  numbers.set(item, seq);
  return { item, response, flagged: Boolean(form.elements[`f-${item}`]?.checked), seq };
}

function say(text, isProblem = false) {
  saved.querySelector("span").textContent = text;
  saved.classList.toggle("problem", isProblem);
}

function learn(rows, sent) {
  for (const row of rows) {
    const mine = sent.find((one) => one.item === row.item);
    numbers.set(row.item, Math.max(numbers.get(row.item), row.seq));
    // Another tab had saved in between: what the learner sees here is what they mean.
    if (row.stale && mine && numbers.get(row.item) > mine.seq) dirty.add(row.item);
  }
}

async function save({ leaving = false } = {}) {
  if (!dirty.size || (busy && !leaving)) return;
  busy = true;
  const drafts = [...dirty].map(draft);
  dirty.clear();
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ drafts }),
    });
    const answer = await response.json();
    if (response.ok) {
      learn(answer.items, drafts);
      say(form.dataset.savedText.replace("{time}", answer.saved_at));
    } else {
      say(answer.problem, true);
    }
  } catch {
    drafts.forEach((one) => dirty.add(one.item));
    say(form.dataset.offlineText, true);
  } finally {
    busy = false;
  }
}

function begin() {
  itemsOf(form).forEach((input) => numbers.set(input.value, Number(input.dataset.seq)));
  form.addEventListener("input", (event) => {
    const item = event.target.name?.slice(2);
    if (!numbers.has(item)) return;
    dirty.add(item);
    clearTimeout(pause);
    pause = setTimeout(save, ["radio", "checkbox"].includes(event.target.type) ? 0 : 2000);
  });
  setInterval(save, 15000);
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ leaving: true });
  });
}

function clock(timer) {
  const end = Date.now() + Number(timer.dataset.seconds) * 1000;
  const face = timer.querySelector("[data-clock]");
  const voice = timer.querySelector("[data-say]");
  const told = new Set();
  const tell = (name) => {
    if (told.has(name)) return;
    told.add(name);
    voice.textContent = timer.dataset[name];
    timer.classList.add("near");
  };
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left <= 300) tell("warnFive");
    if (left <= 60) tell("warnOne");
    if (left > 0) return;
    tell("over");
    clearInterval(ticking);
    // The server ends the attempt by its own clock; reloading shows the result.
    save().then(() => setTimeout(() => location.reload(), 6000));
  };
  const ticking = setInterval(tick, 1000);
  tick();
}

if (form) begin();
document.querySelectorAll(".timer[data-seconds]").forEach(clock);
