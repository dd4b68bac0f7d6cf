// While one's data are being gathered, look again every few seconds (for two minutes) and show how far it
// is. Without this script, reloading the page shows it.
const WAIT = 2500;
const TIMES = 48;

async function look() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document, page].map((one) => one.querySelector("[data-export]"));
  if (here && there && here.innerHTML !== there.innerHTML) here.replaceWith(document.adoptNode(there));
}

for (let time = 0; time < TIMES && document.querySelector("[data-preparing]"); time += 1) {
  await new Promise((done) => setTimeout(done, WAIT));
  await look().catch(() => {});
}
