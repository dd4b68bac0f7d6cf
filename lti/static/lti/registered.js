// The end of a registration: tell the platform's page that it may close us (LTI Dynamic Registration 1.0, 3.7). The
// message holds nothing but that, so any origin may hear it. Without this script the link leads back to the platform.
const link = document.querySelector("[data-close-registration]");
const platform = window.opener ?? (window.parent === window ? null : window.parent);

function close() {
  platform.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}

if (link && platform) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  if (link.dataset.closeRegistration === "now") close(); // nothing is left to read here
}
