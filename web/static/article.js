/* Keys of the article page: to a fact by its number, to the next fact, through the versions and the ways to read. */
const facts = [...document.querySelectorAll(".chips .jump")];
let fact = facts.findIndex((link) => link.hash && link.hash === location.hash && link.pathname === location.pathname);

function jump(to) {
  if (!facts.length) return;
  fact = (to + facts.length) % facts.length;
  facts[fact].click();
  const mark = facts[fact].hash && document.getElementById(facts[fact].hash.slice(1));
  if (mark) mark.focus();
}

const follow = (selector) => document.querySelector(selector)?.click();
const does = {
  n: () => jump(fact + 1),
  p: () => jump(fact < 0 ? -1 : fact - 1),
  "[": () => follow("a[rel=prev]"),
  "]": () => follow("a[rel=next]"),
  i: () => follow("a[data-view=inline]"),
  s: () => follow("a[data-view=side]"),
  f: () => follow("a[data-view=final]"),
  e: () => follow("a[data-view=explain]"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, dialog[open]")) return;
  const number = Number.parseInt(event.key, 10);
  if (number >= 1 && number <= facts.length) jump(number - 1);
  else if (does[event.key]) does[event.key]();
});
