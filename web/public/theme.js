// Before the first paint, so that no page flashes in the wrong theme. Kept apart from the app because the
// content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var look = {};
  try {
    look = JSON.parse(localStorage.getItem("mainstay.look") || "{}");
  } catch (_) {}
  var dark =
    look.theme === "dark" ||
    (look.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.density = look.density || "default";
  root.lang = look.locale || (navigator.language || "en").slice(0, 2);
})();
