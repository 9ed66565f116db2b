// The settings: the keyboard goes into the panel when it opens, back when it closes; Escape closes.
const panel = document.querySelector("#q-tune");
const find = (id) => document.querySelector(id);
const onOpen = () => {
  const open = panel.classList.contains("open");
  find("#q-tune-open").setAttribute("aria-expanded", open);
  const inside = panel.contains(document.activeElement);
  if (open && !inside) find("#q-tune-close").focus({ preventScroll: true });
  if (!open && inside) find("#q-tune-open").focus({ preventScroll: true });
};
panel.setAttribute("role", "region");
panel.setAttribute("aria-label", find("#q-tune-open").textContent.trim());
find("#q-tune-open").setAttribute("aria-controls", "q-tune");
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) find("#q-tune-close").click();
});
let wasOpen = null;
new MutationObserver(() => {
  if (panel.classList.contains("open") !== wasOpen) onOpen();
  wasOpen = panel.classList.contains("open");
}).observe(panel, { attributeFilter: ["class"] });
onOpen();
