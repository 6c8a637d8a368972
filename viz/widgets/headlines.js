// Headline figures of the month shown, and how far they are from the start.
function render({ model, el }) {
  const list = make("dl", { class: "gp-headlines", "aria-label": "Headline figures of the month shown, with their change since the start" });
  el.append(list, make("p", { class: "gp-note", text: "Small figures: change since the start." }));
  const draw = () => list.replaceChildren(...(model.get("figures") || []).map((one) => make("div", {},
    make("dt", { text: one.label }), make("dd", {}, make("b", { text: one.value }), make("span", { class: "gp-change", text: one.change, title: "since the start" })))));
  model.on("change:figures", draw);
  draw();
}
export default { render };
