// A verdict without leaving the place: the press is sent, and the last word stands in the line.
async function say(button) {
  const line = button.closest("[data-change]");
  const answer = await fetch(`/api/v1/changes/${button.value}/review`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ verdict: button.name }),
  });
  const told = await answer.json();
  const word = line.querySelector(".word");
  if (!answer.ok) {
    word.textContent = told.error;
    return;
  }
  const verdict = document.createElement("b");
  verdict.className = `w-${told.review.verdict}`;
  verdict.textContent = told.review.verdict;
  const by = document.createElement("span");
  by.className = "quiet";
  by.textContent = ` ${told.review.by}, now`;
  word.replaceChildren(verdict, by);
  for (const each of line.querySelectorAll("button")) each.toggleAttribute("aria-pressed", false);
  button.setAttribute("aria-pressed", "true");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[form=triage]");
  if (!button) return;
  event.preventDefault();
  say(button).catch(() => document.getElementById("triage").requestSubmit(button));
});

// What others said meanwhile, for every change on the page: when the window is looked at again, and while it is.
async function hear() {
  const lines = new Map([...document.querySelectorAll("[data-change]")].map((line) => [line.dataset.change, line]));
  const ids = [...lines.keys()];
  while (ids.length && !document.hidden) {
    const asked = `/changes?min_severity=info&ids=${ids.splice(0, 25).join(",")}`;
    const answer = await fetch(asked, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const told of page.querySelectorAll("[data-change]")) {
      const line = lines.get(told.dataset.change);
      const words = [line, told].map((each) => each?.querySelector(".word b")?.textContent);
      if (line && words[0] !== words[1]) line.replaceWith(document.adoptNode(told));
    }
  }
}

if (document.querySelector("[data-change]") || document.getElementById("changes")) {
  // Where the service does not answer, the next time will do.
  const listen = () => hear().catch(() => {});
  window.addEventListener("focus", listen);
  setInterval(listen, 15000);
}
