// The bubbles of the chat are HTML; what is copied from them is their text.
function asText(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const bubble of parsed.querySelectorAll("[data-plain]")) {
    bubble.replaceWith(`${bubble.dataset.plain}\n`);
  }
  const block = new Set(["P", "DIV", "LI", "OL", "BLOCKQUOTE", "BUTTON"]);
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const inner = [...node.childNodes].map(walk).join(node.tagName === "BUTTON" ? " " : "");
    return block.has(node.tagName) ? `${inner.trim()}\n` : inner;
  };
  return walk(parsed.body).replace(/\n{3,}/g, "\n\n").trim();
}

if (navigator.clipboard && !navigator.clipboard.quoth) {
  const write = navigator.clipboard.writeText.bind(navigator.clipboard);
  navigator.clipboard.quoth = true;
  navigator.clipboard.writeText = (text) =>
    write(/<div class='q-(asked|answer)/.test(text) ? asText(text) : text);
}

// Gradio labels each bubble with its HTML source; without the label its text is what is read out.
// Of a new turn the question is brought to the top: the answer is read from its first word.
let nBubbles = 0;
// A question that comes back makes its box grow: what is said of it stays in view.
const trouble = () => document.querySelector("#q-talk :is(.q-trouble, .q-stopped)");
const squeezed = new ResizeObserver(() => trouble()?.scrollIntoView({ block: "nearest" }));
const onChange = () => {
  // What is said in #q-heard is read out, once an answer; the chat with its steps is silent.
  document.querySelector("#q-heard")?.setAttribute("role", "status");
  document.querySelector("#q-talk [role=log]")?.setAttribute("aria-live", "off");
  for (const bubble of document.querySelectorAll("#q-talk [data-testid][aria-label*='<div']")) {
    bubble.removeAttribute("aria-label");
  }
  const bubbles = document.querySelectorAll("#q-talk .q-question, #q-talk .q-answer");
  if (bubbles.length > nBubbles) {
    const last = bubbles[bubbles.length - 1];
    const questions = document.querySelectorAll("#q-talk .q-question");
    const first = last.matches(".q-trouble") ? last : (questions[questions.length - 1] ?? last);
    requestAnimationFrame(() => {
      const scroll = document.querySelector("#q-talk .bubble-wrap");
      if (scroll) squeezed.observe(scroll);
      const above = first.getBoundingClientRect().top - scroll?.getBoundingClientRect().top;
      scroll?.scrollTo({ top: scroll.scrollTop + above - 8 });
    });
  }
  nBubbles = bubbles.length;
};
new MutationObserver(onChange).observe(document.body, {
  attributeFilter: ["aria-label"],
  childList: true,
  subtree: true,
});
