// Lines of code get a button that copies them; a link to a folded shape opens it. Without JavaScript both are read as they are.
(() => {
  "use strict";
  document.querySelectorAll(".snippet").forEach((snippet) => {
    if (!navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary copy";
    button.textContent = snippet.dataset.copy;
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(snippet.querySelector("code").textContent);
      button.textContent = said.textContent = snippet.dataset.copied;
      setTimeout(() => { button.textContent = snippet.dataset.copy; said.textContent = ""; }, 2000);
    });
    snippet.classList.add("copied-by");
    snippet.append(button, said);
  });
  const open = () => {
    const shape = location.hash.startsWith("#shape-") && document.getElementById(location.hash.slice(1));
    if (shape) shape.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
