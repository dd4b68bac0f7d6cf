// Where no cookie of ours lives in the frame: the platform's own window keeps the secret of a launch for us.
// Source: 1EdTech LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1, LTI OIDC Login with LTI Client Side
// postMessages 0.1. The secret is sent to the platform's sign-in origin only, and heard from there only.
const ANY_ORIGIN = "*"; // for the one question with nothing secret in it: the page around us may be of another origin
const BRIEF = 2000; // milliseconds
const PATIENT = 6000; // a telephone that is loading two pages at once is slow to answer
const AGAIN = 400; // the platform's frame may still be loading: what it did not hear is said again

function newName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Ask a frame something and return its answer. Rejects when it cannot be asked, says an error, or stays silent.
function ask(frame, origin, question, patience) {
  const name = newName();
  const timers = [];
  let hear;
  const answered = new Promise((resolve, reject) => {
    hear = (event) => {
      const expected = origin === ANY_ORIGIN ? event.source === frame : event.origin === origin;
      const answer = event.data;
      if (!expected || answer?.message_id !== name || answer.subject !== `${question.subject}.response`) return;
      if (answer.error) reject(new Error("the platform answers with an error"));
      else resolve(answer);
    };
    const say = () => frame.postMessage({ ...question, message_id: name }, origin);
    window.addEventListener("message", hear);
    timers.push(setTimeout(() => reject(new Error("the platform does not answer")), patience));
    timers.push(setInterval(say, AGAIN));
    say(); // what it throws rejects: there is no such frame
  });
  return answered.finally(() => {
    timers.forEach((timer) => clearTimeout(timer)); // an interval as well
    window.removeEventListener("message", hear);
  });
}

// Return the frame that keeps values: the one the platform's page names when it is asked, or else the login's.
async function keeperOf({ target }) {
  let name = target;
  try {
    const able = await ask(window.parent, ANY_ORIGIN, { subject: "lti.capabilities" }, BRIEF);
    const stores = able.supported_messages.find((message) => message.subject === "lti.put_data");
    name = stores?.frame || target;
  } catch {
    // a platform need not answer this; it has said in the login that it keeps values
  }
  return name === "_parent" ? window.parent : window.parent.frames[name];
}

async function keep(page) {
  const { origin, key, value, onward } = page.dataset;
  const keeper = await keeperOf(page.dataset);
  await ask(keeper, origin, { subject: "lti.put_data", key, value }, PATIENT);
  const kept = await ask(keeper, origin, { subject: "lti.get_data", key }, PATIENT);
  if (kept.value !== value) throw new Error("the platform keeps something else");
  window.location.replace(onward);
}

async function prove(form) {
  const { origin, key } = form.dataset;
  try {
    const kept = await ask(await keeperOf(form.dataset), origin, { subject: "lti.get_data", key }, PATIENT);
    form.elements.binding.value = typeof kept.value === "string" ? kept.value : "";
  } catch {
    // sent without it, the launch is refused in words, with a code for whoever is asked to help
  }
  form.submit();
}

const page = document.querySelector("[data-keep-in-platform]");
const form = document.querySelector("[data-ask-platform]");
if (page) {
  const newTab = document.querySelector("[data-new-tab]");
  const show = (waiting) => {
    page.hidden = !waiting;
    newTab.hidden = waiting;
    newTab.classList.remove("after-scripts");
  };
  show(true);
  keep(page).catch(() => show(false)); // the platform has not been asked to sign in yet: the link works
}
if (form) prove(form);
