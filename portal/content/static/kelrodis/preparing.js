// While something in a [data-awaited] part of the page is being prepared by a worker (a [data-preparing] in it), look
// again every few seconds (for two minutes) and show the part anew in its place. Without this script, reloading does.
const WAIT = 2500;
const TIMES = 48;

async function look() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document, page].map((one) => one.querySelector("[data-awaited]"));
  if (here && there && here.innerHTML !== there.innerHTML) here.replaceWith(document.adoptNode(there));
}

for (let time = 0; time < TIMES && document.querySelector("[data-preparing]"); time += 1) {
  await new Promise((done) => setTimeout(done, WAIT));
  await look().catch(() => {});
}
