// As Moodle: the tool in the frame says that its registration is over.
const frame = document.getElementById("contentframe");
window.addEventListener("message", (event) => {
  if (event.source === frame.contentWindow && event.data?.subject === "org.imsglobal.lti.close") location.assign(frame.dataset.after);
});
