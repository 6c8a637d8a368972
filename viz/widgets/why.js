// Who somebody is, what became of them, and why they decided as they did.
function render({ model, el }) {
  const names = make("datalist", { id: "gp-names" });
  const wanted = make("input", { type: "search", list: "gp-names", placeholder: "a practice, a GP, an organisation …", "aria-label": "Ask about" });
  const ask = (who) => { if (who) model.send({ wish: "explain", who }); };
  const form = make("form", { class: "gp-ask", onsubmit: (event) => { event.preventDefault(); ask(wanted.value.trim()); } },
    wanted, names, make("button", { type: "submit", text: "Why?" }));
  const body = make("div", { class: "gp-story", "aria-live": "polite" });
  el.append(make("h2", { text: "Why?" }), form, body);
  const chip = (one) => make("button", { type: "button", class: "gp-chip", text: one.title || one.name, onclick: () => ask(one.name) });

  const draw = () => {
    const page = model.get("page");
    el.dataset.who = page.name || "";
    if (!page.heading) {
      body.replaceChildren(make("p", { class: "gp-note", text: page.note || "Choose a practice in the picture, or ask about somebody by name: who they are, what became of them, and the reasons for each of their decisions." }));
      return;
    }
    const parts = [make("h3", { text: page.heading }), make("p", { class: "gp-kind", text: page.kind })];
    parts.push(...page.facts.map((fact) => make("p", { text: fact })));
    for (const group of page.related) parts.push(make("p", { class: "gp-related" }, `${group.title}: `, ...group.names.map(chip)));
    if (page.decisions.length) parts.push(weighing(page.decisions));
    const months = page.months.map((month) => make("li", {}, make("b", { text: month.date }), ...month.items.map((item) => make("p", { text: item }))));
    parts.push(make("details", { class: "gp-history", open: true }, make("summary", { text: `History (${page.months.length} months with something to tell)` }), make("ol", {}, ...months)));
    body.replaceChildren(...parts);
  };
  const list = () => names.replaceChildren(...(model.get("names") || []).map((one) => make("option", { value: one.name, text: one.title })));
  model.on("change:page", draw);
  model.on("change:names", list);
  draw();
  list();
}

function weighing(decisions) {
  const holder = make("div", { class: "gp-weighing" });
  const choice = make("select", { "aria-label": "Decision", onchange: () => show(decisions[choice.selectedIndex]) },
    ...decisions.map((one) => make("option", { text: `${one.date}: ${one.deed}` })));
  const show = (one) => {
    const most = Math.max(...one.terms.map((term) => Math.abs(term.length)), 1e-9);
    const bars = one.terms.map((term) => {
      const share = (Math.abs(term.length) / most) * 50;
      const bar = make("span", { class: term.length < 0 ? "gp-bar gp-against" : "gp-bar gp-for", style: `width:${share}%;${term.length < 0 ? `left:${50 - share}%` : "left:50%"}` });
      return make("li", {}, make("span", { class: "gp-term", text: term.label }), make("span", { class: "gp-track", "aria-hidden": "true" }, bar), make("span", { class: "gp-number", text: term.text }));
    });
    holder.replaceChildren(make("p", { class: "gp-sentence", text: one.sentence }),
      make("p", { class: "gp-sides", "aria-hidden": "true" }, make("span", { text: "← against" }), make("span", { text: "for →" })),
      make("ul", { class: "gp-bars", "aria-label": `What weighed: ${one.scale}` }, ...bars), make("p", { class: "gp-note", text: one.scale }));
  };
  show(decisions[0]);
  return make("section", { "aria-label": "Reasons" }, make("h4", { text: "Reasons for a decision" }), choice, holder);
}
export default { render };
