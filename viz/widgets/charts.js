// Time series as light SVG: lines with dashes of their own, dated marks, the month shown, a table behind each chart.
const INKS = ["#005eb8", "#a34a00", "#00664f", "#7c2855"];
const LINE_DASHES = ["", "6 3", "2 3", "8 3 2 3"];
const WIDE = 340, HIGH = 150, LEFT = 42, RIGHT = 8, TOP = 8, BOTTOM = 26;

function ticks(low, high) {
  const step0 = (high - low || 1) / 3, power = 10 ** Math.floor(Math.log10(step0));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= step0 * 0.999);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-6; at += step) found.push(Math.abs(at) < step * 1e-6 ? 0 : at);
  return [found, Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0)))];
}

function render({ model, el }) {
  const holders = new Map();
  const draw = () => {
    const data = model.get("data");
    if (!data.charts) return;
    for (const group of data.charts) {
      if (!holders.has(group.title)) {
        const grid = make("div", { class: "gp-charts" });
        el.append(make("h2", { text: group.title }), grid);
        holders.set(group.title, { grid, charts: new Map() });
      }
      const holder = holders.get(group.title);
      for (const chart of group.charts) {
        if (!holder.charts.has(chart.name)) {
          const parts = holderOf(chart);
          holder.grid.append(parts.root);
          holder.charts.set(chart.name, parts);
        }
        drawChart(holder.charts.get(chart.name), chart, data);
      }
    }
    el.dataset.months = data.months;
  };
  model.on("change:data", draw);
  draw();
}

function holderOf(chart) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" });
  const legend = make("ul", { class: "gp-legend" });
  const marks = make("ul", { class: "gp-marks" });
  const table = make("table", {});
  const behind = make("details", { class: "gp-table" }, make("summary", { text: "Figures", "aria-label": `Figures of ${chart.title}` }), make("div", { tabindex: 0, role: "region", "aria-label": `Table: ${chart.title}` }, table));
  const root = make("figure", { class: "gp-chart", "data-chart": chart.name },
    make("figcaption", {}, make("strong", { text: chart.title }), make("span", { text: chart.unit })), svg, legend, marks, behind,
    chart.note ? make("p", { class: "gp-note", text: chart.note }) : null);
  return { root, svg, legend, marks, table, behind };
}

function drawChart(parts, chart, data) {
  const { svg, legend, marks, table, behind } = parts;
  const known = chart.lines.flatMap((line) => line.values.filter((value) => value !== null));
  if (chart.level !== null) known.push(chart.level);
  let low = Math.min(...known), high = Math.max(...known);
  if (!known.length) [low, high] = [0, 1];
  if (chart.from_zero) low = Math.min(0, low);
  if (high - low < 1e-9) high = low + (Math.abs(low) || 1) * 0.1;
  const [levels, digits] = ticks(low, high);
  const x = (month) => LEFT + ((WIDE - LEFT - RIGHT) * month) / Math.max(1, data.horizon);
  const y = (value) => TOP + (HIGH - TOP - BOTTOM) * (1 - (value - low) / (high - low));
  const inside = [];
  for (const level of levels) {
    inside.push(shape("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(level), y2: y(level), class: "gp-grid" }));
    inside.push(shape("text", { x: LEFT - 5, y: y(level) + 4, "text-anchor": "end" }, figure(level, digits)));
  }
  for (const tick of data.years) {
    inside.push(shape("line", { x1: x(tick.month), x2: x(tick.month), y1: HIGH - BOTTOM, y2: HIGH - BOTTOM + 4, class: "gp-axis" }));
    inside.push(shape("text", { x: Math.min(x(tick.month), WIDE - 14), y: HIGH - 8, "text-anchor": "middle" }, tick.label));
  }
  if (chart.level !== null) inside.push(shape("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(chart.level), y2: y(chart.level), class: "gp-level" }));
  for (const mark of data.marks) {
    inside.push(shape("line", { x1: x(mark.month), x2: x(mark.month), y1: TOP, y2: HIGH - BOTTOM, class: "gp-mark" }));
    inside.push(shape("text", { x: x(mark.month) + 2, y: TOP + 9, class: "gp-letter" }, mark.letter));
  }
  inside.push(shape("line", { x1: x(data.shown), x2: x(data.shown), y1: TOP, y2: HIGH - BOTTOM, class: "gp-now" }));
  chart.lines.forEach((line, number) => {
    let path = "", pen = "M";
    line.values.forEach((value, month) => {
      if (value === null) { pen = "M"; return; }
      path += `${pen}${x(month).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    });
    inside.push(shape("path", { d: path, fill: "none", stroke: INKS[number], "stroke-width": 2, "stroke-dasharray": LINE_DASHES[number] }));
  });
  svg.replaceChildren(...inside);
  const at = (line) => { const value = line.values[data.shown]; return value === undefined ? null : value; };
  svg.setAttribute("aria-label", `${chart.title}, ${chart.unit}, ${data.date}: ` + chart.lines.map((line) => `${line.label} ${figure(at(line), chart.digits)}`).join(", "));
  legend.replaceChildren(...chart.lines.map((line, number) => {
    const key = shape("svg", { viewBox: "0 0 26 8", class: "gp-key", "aria-hidden": "true" });
    key.append(shape("line", { x1: 0, x2: 26, y1: 4, y2: 4, stroke: INKS[number], "stroke-width": 2.5, "stroke-dasharray": LINE_DASHES[number] }));
    return make("li", {}, key, ` ${line.label}: `, make("b", { text: figure(at(line), chart.digits) }));
  }));
  marks.replaceChildren(...data.marks.map((mark) => make("li", {}, make("b", { text: mark.letter }), ` ${mark.date}: ${mark.text}`)));
  if (behind.open || !table.firstChild) fill(table, chart, data);
  behind.ontoggle = () => fill(table, chart, data);
}

function fill(table, chart, data) {
  const rows = data.dates.map((date, month) => make("tr", {}, make("th", { scope: "row", text: date }),
    ...chart.lines.map((line) => make("td", { text: figure(line.values[month] ?? null, chart.digits) }))));
  table.replaceChildren(make("caption", { text: `${chart.title}, ${chart.unit}` }),
    make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "Month" }), ...chart.lines.map((line) => make("th", { scope: "col", text: line.label })))),
    make("tbody", {}, ...rows));
}
export default { render };
