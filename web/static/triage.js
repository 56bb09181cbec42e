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
