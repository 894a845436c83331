// The viewer: another size without loading the page again; the thumbnail of the page one looks at is marked.
(() => {
  "use strict";
  const sheets = document.querySelector(".sheets");
  if (!sheets) return;
  const zooms = [...document.querySelectorAll("a[data-zoom]")];
  zooms.forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = sheets.scrollTop / sheets.scrollHeight;
    zooms.forEach((one) => {
      sheets.classList.toggle(`zoom-${one.dataset.zoom}`, one === link);
      if (one === link) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
    });
    sheets.scrollTop = place * sheets.scrollHeight;
    history.replaceState(null, "", link.href);
    document.querySelectorAll("a[data-keeps-zoom]").forEach((turn) => {
      const address = new URL(turn.href);
      if (link.dataset.zoom === "width") address.searchParams.delete("zoom"); else address.searchParams.set("zoom", link.dataset.zoom);
      turn.href = address.href;
    });
  }));
  const thumbs = new Map([...document.querySelectorAll(".viewer-thumbs a")].map((link) => [link.hash.slice(1), link]));
  if (!thumbs.size) return;
  // A thumbnail moves the pages and leaves the rest of the window where it is.
  thumbs.forEach((link, id) => link.addEventListener("click", (event) => {
    const figure = document.getElementById(id);
    if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sheets.scrollTop += figure.getBoundingClientRect().top - sheets.getBoundingClientRect().top;
    history.replaceState(null, "", link.hash);
  }));
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    const link = thumbs.get(entry.target.id);
    if (!link) return;
    if (entry.isIntersecting) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }), { root: sheets, rootMargin: "-40% 0px -40% 0px" });
  sheets.querySelectorAll("figure[id]").forEach((figure) => seen.observe(figure));
})();
