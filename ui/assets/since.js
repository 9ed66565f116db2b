// The day since which documents must have been changed, or none.
element.addEventListener("change", (event) => trigger("day", { day: event.target.value }));
