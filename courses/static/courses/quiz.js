// Autosave: on every change (after a pause of two seconds), every 15 seconds, and when the page is
// left. Each save of an item has a higher number than the one before, so that one which arrives
// late never overwrites a newer one. What could not be sent is kept in the tab and tried again.
const form = document.querySelector("[data-autosave]");
const saved = document.querySelector("[data-saved]");
const dirty = new Set();
const numbers = new Map();
let pause = 0;
let busy = false;
let failing = false;

const store = {
  key: form ? `kelrodis:${form.dataset.autosave}` : "",
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) ?? {};
    } catch {
      return {}; // a browser may forbid storage in a frame
    }
  },
  write(drafts) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(drafts));
    } catch {
      // the answers still stand in the form
    }
  },
};

function inputsOf(item) {
  return [...form.elements].filter((input) => input.name === `r-${item}`);
}

function isChoice(input) {
  return ["radio", "checkbox"].includes(input.type);
}

function draft(item) {
  const response = inputsOf(item)
    .filter((input) => !isChoice(input) || input.checked)
    .map((input) => input.value);
  const seq = numbers.get(item) + 1;
  numbers.set(item, seq);
  return { item, response, flagged: Boolean(form.elements[`f-${item}`]?.checked), seq };
}

function restore({ item, response, flagged }) {
  if (!numbers.has(item)) return;
  inputsOf(item).forEach((input) => {
    if (isChoice(input)) input.checked = response.includes(input.value);
    else input.value = response[0] ?? "";
  });
  if (form.elements[`f-${item}`]) form.elements[`f-${item}`].checked = flagged;
  dirty.add(item);
}

function say(text, isProblem = false) {
  saved.querySelector("span").textContent = text;
  saved.classList.toggle("problem", isProblem);
}

// Takes the numbers that stand now; true when another tab had saved an item in between, so that what
// the learner sees here has to be sent again under a higher number.
function learn(rows, sent) {
  let again = false;
  for (const row of rows) {
    const mine = sent.find((one) => one.item === row.item);
    numbers.set(row.item, Math.max(numbers.get(row.item) ?? 0, row.seq));
    if (row.stale && mine) {
      dirty.add(row.item);
      again = true;
    }
  }
  return again;
}

async function send(drafts) {
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ drafts }),
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return { ok: response.ok && isJson, answer: isJson ? await response.json() : { problem: form.dataset.endedText } };
}

// True when nothing is left to send.
async function save({ leaving = false, again = true } = {}) {
  if (busy && !leaving) return false;
  if (!dirty.size) return !failing;
  busy = true;
  const drafts = [...dirty].map(draft);
  dirty.clear();
  try {
    const { ok, answer } = await send(drafts);
    failing = !ok;
    if (!ok) {
      say(answer.problem, true);
    } else if (learn(answer.items, drafts)) {
      busy = false;
      return again ? await save({ leaving, again: false }) : false;
    } else {
      store.write({});
      say(form.dataset.savedText.replace("{time}", answer.saved_at));
    }
  } catch {
    failing = true;
    drafts.forEach((one) => dirty.add(one.item));
    store.write(drafts);
    say(form.dataset.offlineText, true);
  } finally {
    busy = false;
  }
  return !failing;
}

function begin() {
  form.querySelectorAll("input[name=items]").forEach((input) => numbers.set(input.value, Number(input.dataset.seq) || 0));
  Object.values(store.read()).forEach(restore);
  say(form.dataset.autoText);
  form.addEventListener("input", (event) => {
    const item = event.target.name?.slice(2);
    if (!numbers.has(item)) return;
    dirty.add(item);
    clearTimeout(pause);
    pause = setTimeout(save, isChoice(event.target) ? 0 : 2000);
  });
  // While there is no connection, going on would lose the answer: stay, and try to send it first.
  form.addEventListener("submit", async (event) => {
    if (!failing || !dirty.size) return;
    event.preventDefault();
    const button = event.submitter;
    if (await save()) form.requestSubmit(button);
  });
  setInterval(save, 15000);
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ leaving: true });
  });
  if (dirty.size) save();
}

function clock(timer) {
  const seconds = Number(timer.dataset.seconds);
  if (!Number.isFinite(seconds)) return;
  const end = Date.now() + seconds * 1000;
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
    if (left <= 300 && left > 60) tell("warnFive");
    if (left <= 60 && left > 0) tell("warnOne");
    if (left > 0) return;
    tell("over");
    clearInterval(ticking);
    // The server ends the attempt by its own clock; reloading shows the result.
    Promise.resolve(form ? save() : true).then(() => setTimeout(() => location.reload(), 6000));
  };
  const ticking = setInterval(tick, 1000);
  tick();
}

if (form) begin();
document.querySelectorAll(".timer[data-seconds]").forEach(clock);
