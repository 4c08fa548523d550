// Gives the documentation viewer the pages' colours.
(() => {
  "use strict";
  const viewer = document.getElementById("docs");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const paint = () => {
    viewer.setAttribute("theme", dark.matches ? "dark" : "light");
    for (const [name, token] of [["bg-color", "--surface"], ["text-color", "--ink"], ["primary-color", "--accent"], ["nav-bg-color", "--sunken"], ["nav-text-color", "--ink-2"], ["nav-hover-bg-color", "--accent-soft"], ["nav-accent-color", "--accent"]]) {
      viewer.setAttribute(name, css(token));
    }
  };
  dark.addEventListener("change", paint);
  paint();
})();
