// Play, pause, step, speed, instant, reset, and the slider of months.
const WORDS = {
  preparing: "Getting the place ready …", ready: "Ready", playing: "Playing", finished: "The run has ended",
  failed: "The run has stopped",
};

function render({ model, el }) {
  const send = (wish, more = {}) => model.send({ wish, ...more });
  const play = make("button", { type: "button", class: "gp-main", onclick: () => send(state().phase === "playing" ? "pause" : "play") });
  const step = make("button", { type: "button", text: "One month", onclick: () => send("step") });
  const finish = make("button", { type: "button", text: "To the end", onclick: () => send("finish") });
  const again = make("button", { type: "button", text: "Start again", onclick: () => send("again"), title: "Back to the beginning with the levers as they stand now" });
  const speed = make("select", { "aria-label": "Speed", onchange: () => send("speed", { value: Number(speed.value) }) });
  const slider = make("input", {
    type: "range", min: 0, step: 1, "aria-label": "Month shown",
    oninput: () => send("show", { month: Number(slider.value) }),
  });
  const when = make("strong", { class: "gp-when" });
  const phase = make("span", { class: "gp-phase", role: "status" });
  const error = make("p", { class: "gp-error", role: "alert", hidden: true });
  el.append(make("div", { class: "gp-transport" }, play, step, finish, again,
    make("label", { class: "gp-speed" }, "Speed ", speed),
    make("span", { class: "gp-slide" }, slider, when), phase), error);
  const state = () => model.get("state");
  const draw = () => {
    const s = state();
    if (!s.phase) return;
    el.dataset.phase = s.phase;
    el.dataset.month = s.month;
    el.dataset.shown = s.shown;
    el.dataset.run = s.run;
    play.textContent = s.phase === "playing" ? "Pause" : "Play";
    const waiting = s.phase === "preparing" || s.phase === "failed";
    play.disabled = step.disabled = finish.disabled = waiting || s.phase === "finished";
    step.disabled = finish.disabled = step.disabled || s.phase === "playing";
    again.disabled = s.phase === "preparing";
    if (speed.options.length !== s.speeds.length)
      speed.replaceChildren(...s.speeds.map((one) => make("option", { value: one, text: `${one} ${one === 1 ? "month" : "months"} a second` })));
    speed.value = s.speed;
    slider.max = Math.max(1, s.month);
    slider.disabled = s.month === 0;
    if (document.activeElement !== slider || Number(slider.value) !== s.shown) slider.value = s.shown;
    slider.setAttribute("aria-valuetext", s.date);
    when.textContent = `${s.date} (month ${s.shown} of ${s.horizon})`;
    const back = s.shown < s.month ? `, looking back from month ${s.month}` : "";
    const warm = s.phase === "preparing" && s.warm_up !== null ? ` month ${s.warm_up} of the 12 before the start` : "";
    const words = WORDS[s.phase] + warm + back;
    if (phase.textContent !== words) phase.textContent = words;
    error.hidden = !s.error;
    if (error.textContent !== s.error) error.textContent = s.error;
  };
  model.on("change:state", draw);
  draw();
}
export default { render };
