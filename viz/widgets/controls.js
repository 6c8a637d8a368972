// Place, policy and seed; the levers in their groups; what can be taken home and brought along.
const shownValue = (control, value) => {
  if (value === null || value === undefined) return "off";
  if (control.kind === "switch") return value ? "yes" : "no";
  if (control.kind === "choice") return (control.options.find(([word]) => word === value) || [value, value])[1];
  const digits = control.step >= 1 ? 0 : control.step >= 0.1 ? 1 : 2;
  return figure(value, digits) + (control.unit ? ` ${control.unit}` : "");
};

function render({ model, el }) {
  const send = (wish, more = {}, buffers = []) => model.send({ wish, ...more }, undefined, buffers);
  const options = model.get("options");
  const inputs = new Map();
  const refresh = [];
  const field = (text, input) => make("label", { class: "gp-field" }, make("span", { text }), input);

  // What is run
  const place = make("select", {}, ...options.places.map((one) => make("option", { value: one.name, text: one.title })));
  const practices = make("input", { type: "number", min: 10, max: 7909, step: 1, value: 100 });
  const policy = make("select", {}, ...options.policies.map((one) => make("option", { value: one.name, text: one.title })));
  const about = make("p", { class: "gp-note" });
  const seed = make("input", { type: "number", min: 0, max: 4294967295, step: 1 });
  const horizon = make("input", { type: "number", min: 1, max: 180, step: 1 });
  const many = field("Practices", practices);
  const tell = () => {
    about.textContent = (options.policies.find((one) => one.name === policy.value) || { text: "" }).text;
    many.hidden = place.value !== "england";
  };
  place.addEventListener("change", tell);
  policy.addEventListener("change", tell);
  const begin = (event) => {
    event.preventDefault();
    send("start", {
      place: place.value, policy: policy.value, seed: Number(seed.value), horizon: Number(horizon.value),
      practices: place.value === "england" ? Number(practices.value) : null,
    });
  };
  const own = make("p", { class: "gp-note", hidden: true });
  el.append(make("form", { class: "gp-start", onsubmit: begin },
    make("h2", { text: "What to run" }), own, field("Place", place), many, field("Policy", policy), about,
    make("div", { class: "gp-pair" }, field("Seed", seed), field("Months", horizon)),
    make("button", { type: "submit", class: "gp-main", text: "Start this" })));

  // Levers
  const box = make("section", { class: "gp-levers", "aria-label": "Levers" }, make("h2", { text: "Levers" }));
  const when = make("p", { class: "gp-note" });
  box.append(when);
  for (const [number, group] of options.groups.entries()) {
    const inside = make("div", {});
    for (const control of group.controls) inside.append(lever(control));
    box.append(make("details", { class: "gp-group", open: number < 2 }, make("summary", { text: group.title }), inside));
  }
  el.append(box);

  function lever(control) {
    const id = `lever-${control.name}`;
    const value = make("output", { for: id, class: "gp-value" });
    const change = (wanted) => send("lever", { name: control.name, value: wanted });
    let input, off = null;
    if (control.kind === "choice")
      input = make("select", { id, onchange: () => change(input.value) }, ...control.options.map(([word, text]) => make("option", { value: word, text })));
    else if (control.kind === "switch")
      input = make("input", { id, type: "checkbox", onchange: () => change(input.checked) });
    else {
      input = make("input", {
        id, type: "range", min: control.low, max: control.high, step: control.step,
        oninput: () => { value.textContent = shownValue(control, Number(input.value)); input.setAttribute("aria-valuetext", value.textContent); },
        onchange: () => change(Number(input.value)),
      });
      if (control.kind === "optional")
        off = make("input", { type: "checkbox", "aria-label": `Set: ${control.sentence}`, onchange: () => change(off.checked ? (control.first ?? control.low) : null) });
    }
    const evidence = make("details", { class: "gp-evidence" },
      make("summary", { text: `Grade ${control.grade}`, "aria-label": `Evidence for: ${control.sentence}` }),
      make("p", { text: `${control.grade_words}. ${control.source}.` }));
    inputs.set(control.name, input);
    refresh.push((s) => {
      const now = s.values[control.name];
      if (document.activeElement !== input || input.type !== "range") {
        if (control.kind === "switch") input.checked = !!now;
        else if (now !== null && now !== undefined) input.value = now;
      }
      if (off) { off.checked = now !== null; input.disabled = now === null; }
      const locked = control.at_start_only && s.month > 0;
      input.disabled = input.disabled && off ? input.disabled : locked;
      value.textContent = shownValue(control, now);
      if (input.type === "range") input.setAttribute("aria-valuetext", value.textContent);
      row.classList.toggle("gp-set", s.set.includes(control.name));
    });
    const note = control.at_start_only ? make("span", { class: "gp-note", text: "At the start only. " }) : null;
    const row = make("div", { class: "gp-lever" },
      make("label", { for: id, text: control.sentence }),
      make("div", { class: "gp-input" }, off, input, value), note, evidence);
    return row;
  }

  // To take away and to bring
  const link = make("button", { type: "button", text: "Copy the link", onclick: async () => {
    try { await navigator.clipboard.writeText(window.location.href); said.textContent = "The link is copied."; }
    catch { said.textContent = `The link: ${window.location.href}`; }
  } });
  const get = (what, text) => make("button", { type: "button", text, onclick: () => { said.textContent = "Being made …"; send("download", { what }); } });
  const file = make("input", { type: "file", accept: ".toml,.csv", onchange: async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    if (chosen.size > options.largest) { said.textContent = `${chosen.name} is too large; allowed are ${figure(options.largest, 0)} bytes.`; return; }
    said.textContent = `Reading ${chosen.name} …`;
    send("upload", { name: chosen.name }, [await chosen.arrayBuffer()]);
    file.value = "";
  } });
  const said = make("p", { class: "gp-note", role: "status" });
  el.append(make("section", { class: "gp-files", "aria-label": "Take away and bring" },
    make("h2", { text: "Take it home" }),
    make("div", { class: "gp-buttons" }, link, get("scenario", "Scenario (TOML)"), get("csv", "Tables (CSV)"), get("parquet", "Tables (Parquet)"), get("report", "Report (HTML)")),
    field("Open a scenario (.toml) or a place (.csv)", file), said));

  model.on("msg:custom", (content, buffers) => {
    if (content.file) {
      download(content.file, content.kind, bytesOf(buffers[0]));
      said.textContent = `${content.file} is in your downloads.`;
    } else if (content.said) said.textContent = content.said;
  });
  let wrote = "";
  const draw = () => {
    const s = model.get("values");
    if (!s.values) return;
    el.dataset.query = s.query;
    const first = wrote === "";
    const key = `${s.run}`;
    if (key !== wrote) { // the form shows what runs, and is left alone until something else runs
      wrote = key;
      if ([...place.options].every((one) => one.value !== s.place)) place.append(make("option", { value: s.place, text: s.place }));
      place.value = s.place; policy.value = s.policy; seed.value = s.seed; horizon.value = s.horizon;
      if (s.practices) practices.value = s.practices;
      own.hidden = !s.document;
      own.textContent = s.document ? `Running the scenario “${s.document}” from a file. “Start this” leaves it.` : "";
      tell();
    }
    when.textContent = s.ended ? "The run has ended. A lever set now needs a new start." : s.month
      ? `A lever that you move now acts from month ${s.month + 1} on.` : "Set from the first month on.";
    for (const one of refresh) one(s);
    if (s.query && (!first || window.location.search)) window.history.replaceState(window.history.state, "", `${window.location.pathname}?${s.query}`);
  };
  model.on("change:values", draw);
  draw();
}
export default { render };
