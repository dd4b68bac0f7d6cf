// Platform storage, for the tool's origin only. `keeps`: this window holds the values; `frame`: the name of the one that
// does. Faults are played as the switch says.
const { tool, fault, frame, keeps } = document.currentScript.dataset;
const reads = {};

function place(origin, key) {
  return `lti ${origin} ${key}`;
}

function answerTo(event) {
  const { subject, message_id, key, value } = event.data;
  const answer = { subject: `${subject}.response`, message_id };
  if (subject === "lti.capabilities") {
    const names = ["lti.capabilities", "lti.put_data", "lti.get_data"];
    return { ...answer, supported_messages: names.map((name) => ({ subject: name, frame })) };
  }
  if (!keeps) return null;
  if (fault === "error") return { ...answer, error: { code: "storage_exhausted", message: "on purpose" } };
  if (subject === "lti.put_data") {
    sessionStorage.setItem(place(event.origin, key), value);
    return { ...answer, key, value };
  }
  if (subject !== "lti.get_data") return null;
  reads[key] = (reads[key] ?? 0) + 1;
  return { ...answer, key, value: read(place(event.origin, key), reads[key] > 1) };
}

function read(where, later) {
  if (fault === "forgets" || (fault === "forgets_later" && later)) return null;
  if (fault === "changes_later" && later) return "another browser's value";
  return sessionStorage.getItem(where);
}

window.addEventListener("message", (event) => {
  if (event.origin !== tool || typeof event.data !== "object") return;
  const answer = answerTo(event);
  if (!answer) return;
  if (answer.subject !== "lti.capabilities.response") {
    if (fault === "silent") return;
    if (fault === "elsewhere") {
      document.getElementById("elsewhere").contentWindow.postMessage(answer, "*");
      return;
    }
    if (fault === "twice") event.source.postMessage(answer, event.origin);
  }
  event.source.postMessage(answer, event.origin);
  if (fault === "twice") event.source.postMessage({ ...answer, value: "another browser's value" }, event.origin);
});
