// The settings: the keyboard goes into the panel when it opens, back when it closes; Escape closes.
const find = (id) => document.querySelector(id);

function start() {
  const panel = find("#q-tune");
  const opener = find("#q-tune-open");
  const closer = find("#q-tune-close");
  if (!panel || !opener || !closer) {
    requestAnimationFrame(start); // the parts of a page come one after the other
    return;
  }
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", opener.textContent.trim());
  opener.setAttribute("aria-controls", "q-tune");
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closer.click();
  });
  const follow = () => {
    const open = panel.classList.contains("open");
    if (opener.getAttribute("aria-expanded") === String(open)) return;
    const first = !opener.hasAttribute("aria-expanded");
    opener.setAttribute("aria-expanded", open);
    if (open) closer.focus({ preventScroll: true });
    const at = document.activeElement; // whoever has gone on meanwhile is left there
    const lost = at === document.body || panel.contains(at);
    if (!open && !first && lost) opener.focus({ preventScroll: true });
  };
  new MutationObserver(follow).observe(panel, { attributeFilter: ["class"] });
  follow();
}

start();
