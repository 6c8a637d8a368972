// The practices on a canvas: size is the list, colour, outline and letters the organisation.
const OUTSIDE = 0xffff, PULSE = 900, GLIDE = 450, MOST_HULL = 400;

function render({ model, el }) {
  const canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "picture of practices" });
  const tip = make("div", { class: "gp-tip", hidden: true });
  const button = (text, label, act) => make("button", { type: "button", text, "aria-label": label, title: label, onclick: act });
  const view = make("select", { "aria-label": "Layout", onchange: () => { together = view.value === "together"; glide(); } },
    make("option", { value: "map", text: "Where they are" }), make("option", { value: "together", text: "Drawn together" }));
  const ties = make("input", { type: "checkbox", checked: true, onchange: () => paint() });
  const bar = make("div", { class: "gp-bar-above" }, view, make("label", {}, ties, " trust"),
    button("+", "Zoom in", () => zoom(1.4)), button("−", "Zoom out", () => zoom(1 / 1.4)), button("⤢", "Show all", () => { scale = 1; shift = [0, 0]; paint(); }),
    button("PNG", "Save the picture", picture));
  const key = make("ul", { class: "gp-orgs", "aria-label": "Organisations" });
  const help = make("p", { class: "gp-note", text: "Size: registered patients. Letters, colour and outline: the organisation; white: none. Square: run by an operator or a trust. A cross: merged into another practice (grey) or closed (red). Grey lines: strong trust; blue dashes: talks this month; a ring: joined or left. Click a practice, or use the arrow keys and Enter." });
  el.append(bar, make("div", { class: "gp-stage" }, canvas, tip), key, help);
  const g = canvas.getContext("2d");

  let places = null, frame = null, before = null, changed = new Map(), pulseFrom = 0;
  let together = false, scale = 1, shift = [0, 0], hover = -1, cursor = -1, wide = 600, high = 460, drag = null;
  let now = new Float32Array(0), from = null, to = null, glideFrom = 0, pending = false, drawn = 0;
  const organisations = new Map();

  const readPlaces = () => {
    const raw = model.get("places");
    places = raw && raw.byteLength ? new Float32Array(bytesOf(raw)) : null;
    before = frame = null; changed.clear(); scale = 1; shift = [0, 0]; hover = cursor = -1; to = null;
    readFrame();
  };
  const readFrame = () => {
    const raw = model.get("frame");
    if (!raw || !raw.byteLength || !places) { paint(); return; }
    const b = bytesOf(raw), head = new Uint32Array(b, 0, 4), [month, n, m, k] = head;
    if (places.length !== 2 * n) return;
    let at = 16;
    const take = (Kind, length) => { const part = new Kind(b, at, length); at += length * Kind.BYTES_PER_ELEMENT; return part; };
    const next = { month, n, lists: take(Float32Array, n), org: take(Uint16Array, n), ties: take(Uint16Array, 2 * m), talks: take(Uint16Array, 2 * k), form: take(Int8Array, n), status: take(Int8Array, n) };
    before = frame; frame = next;
    organisations.clear();
    for (const one of model.get("organisations") || []) organisations.set(one.row, one);
    changed.clear();
    if (before && before.n === n && Math.abs(before.month - month) === 1)
      for (let i = 0; i < n; i++) if (before.org[i] !== next.org[i]) changed.set(i, next.org[i] === OUTSIDE ? "left" : "joined");
    if (changed.size && !calm()) pulseFrom = performance.now();
    describe();
    glide();
  };

  // Places on the canvas
  function layout() {
    const n = frame.n, spots = new Float32Array(2 * n);
    let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
    for (let i = 0; i < n; i++) { x0 = Math.min(x0, places[2 * i]); x1 = Math.max(x1, places[2 * i]); y0 = Math.min(y0, places[2 * i + 1]); y1 = Math.max(y1, places[2 * i + 1]); }
    const margin = 34, unit = Math.min((wide - 2 * margin) / Math.max(0.1, x1 - x0), (high - 2 * margin) / Math.max(0.1, y1 - y0));
    const dx = (wide - unit * (x1 - x0)) / 2, dy = (high - unit * (y1 - y0)) / 2;
    for (let i = 0; i < n; i++) { spots[2 * i] = dx + unit * (places[2 * i] - x0); spots[2 * i + 1] = high - dy - unit * (places[2 * i + 1] - y0); }
    if (together) gather(spots);
    return spots;
  }
  // Members around the centre of their organisation, and the circles of all pushed apart until they do not overlap.
  function gather(spots) {
    const grouped = groups(), circles = [];
    for (let i = 0; i < frame.n; i++) if (frame.org[i] === OUTSIDE || frame.n > 1500) circles.push({ members: [i] });
    if (frame.n <= 1500) for (const members of grouped.values()) circles.push({ members: [...members].sort((a, b) => frame.lists[b] - frame.lists[a] || a - b) });
    for (const one of circles) {
      one.gap = 1.75 * radius(one.members[0]);
      one.r = one.gap * Math.sqrt(one.members.length - 1) + radius(one.members[0]) + (one.members.length > 1 ? 9 : 3);
      one.x = one.members.reduce((sum, i) => sum + spots[2 * i], 0) / one.members.length;
      one.y = one.members.reduce((sum, i) => sum + spots[2 * i + 1], 0) / one.members.length;
    }
    for (let round = 0; round < 80 && circles.length <= 400; round++)
      for (let a = 0; a < circles.length; a++)
        for (let b = a + 1; b < circles.length; b++) {
          const p = circles[a], q = circles[b], dx = q.x - p.x || 0.01 * (b - a), dy = q.y - p.y, far = Math.hypot(dx, dy), over = p.r + q.r - far;
          if (over <= 0) continue;
          const push = (0.5 * over) / far, mine = q.r / (p.r + q.r);
          p.x -= dx * push * 2 * mine; p.y -= dy * push * 2 * mine; q.x += dx * push * 2 * (1 - mine); q.y += dy * push * 2 * (1 - mine);
        }
    for (const one of circles) {
      one.x = Math.max(one.r + 2, Math.min(wide - one.r - 2, one.x)); one.y = Math.max(one.r + 2, Math.min(high - one.r - 2, one.y));
      one.members.forEach((i, place) => { const turn = place * 2.39996, away = one.gap * Math.sqrt(place); spots[2 * i] = one.x + away * Math.cos(turn); spots[2 * i + 1] = one.y + away * Math.sin(turn); });
    }
  }
  const gone = (i) => frame.status[i] >= 3; // merged into another practice, or closed
  const groups = () => {
    const found = new Map();
    for (let i = 0; i < frame.n; i++) if (frame.org[i] !== OUTSIDE && !gone(i)) { if (!found.has(frame.org[i])) found.set(frame.org[i], []); found.get(frame.org[i]).push(i); }
    return found;
  };
  const basis = () => Math.min(0.16, 0.45 * Math.sqrt((wide * high) / Math.max(30, frame.n)) / 7 / 13);
  const radius = (i) => Math.max(1.6, Math.sqrt(frame.lists[i]) * basis());
  const X = (i) => (now[2 * i] - wide / 2) * scale + wide / 2 + shift[0];
  const Y = (i) => (now[2 * i + 1] - high / 2) * scale + high / 2 + shift[1];
  const R = (i) => radius(i) * Math.sqrt(scale);

  function glide() {
    if (!frame) return;
    const target = layout();
    if (now.length !== target.length || calm() || frame.n > 2000) { now = target; to = null; }
    else { from = now.slice(); to = target; glideFrom = performance.now(); }
    paint();
  }
  function paint() { if (!pending) { pending = true; requestAnimationFrame(draw); } }

  const colour = (row) => COLOURS[row % COLOURS.length];
  const pale = (row) => "#" + [1, 3, 5].map((k) => Math.round(255 - 0.18 * (255 - parseInt(colour(row).slice(k, k + 2), 16))).toString(16).padStart(2, "0")).join("");
  const dash = (row) => DASHES[Math.floor(row / COLOURS.length) % DASHES.length];

  function draw(time) {
    pending = false;
    const ratio = window.devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = "#ffffff";
    g.fillRect(0, 0, wide, high);
    if (!frame || !places) { g.fillStyle = "#4c6272"; g.font = "16px Arial"; g.textAlign = "center"; g.fillText("Getting the place ready …", wide / 2, high / 2); return; }
    let again = false;
    if (to) {
      const done = Math.min(1, (performance.now() - glideFrom) / GLIDE), eased = done * (2 - done);
      for (let k = 0; k < now.length; k++) now[k] = from[k] + (to[k] - from[k]) * eased;
      if (done < 1) again = true; else { now = to; to = null; }
    }
    hulls();
    if (ties.checked) lines(frame.ties, "rgba(76,98,114,0.28)", 1, []);
    lines(frame.talks, "#005eb8", 2, [5, 4]);
    nodes();
    again = pulses() || again;
    letters();
    marker(hover, "#212b32", 2);
    marker(chosen(), "#212b32", 3.5);
    if (cursor >= 0 && document.activeElement === canvas) marker(cursor, "#ffb81c", 4);
    canvas.dataset.drawn = ++drawn;
    if (again) paint();
  }
  function lines(pairs, ink, width, pattern) {
    if (!pairs.length) return;
    g.beginPath();
    for (let k = 0; k < pairs.length; k += 2) { g.moveTo(X(pairs[k]), Y(pairs[k])); g.lineTo(X(pairs[k + 1]), Y(pairs[k + 1])); }
    g.strokeStyle = ink; g.lineWidth = width; g.setLineDash(pattern); g.stroke(); g.setLineDash([]);
  }
  function outline(members) {
    const points = members.map((i) => [X(i), Y(i)]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    const half = (those) => { const kept = []; for (const p of those) { while (kept.length > 1 && cross(kept[kept.length - 2], kept[kept.length - 1], p) <= 0) kept.pop(); kept.push(p); } kept.pop(); return kept; };
    return points.length < 3 ? points : [...half(points), ...half([...points].reverse())];
  }
  // Pale grounds first, the large ones lowest, then all outlines: an overlap never reads as a third organisation.
  function hulls() {
    const found = [...groups()].filter(([, members]) => members.length > 1).sort((a, b) => b[1].length - a[1].length);
    if (found.length > MOST_HULL) return;
    g.lineJoin = g.lineCap = "round";
    const paths = found.map(([row, members]) => {
      const path = new Path2D();
      outline(members).forEach(([x, y], k) => (k ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
      return [row, path, 2 * (Math.max(...members.slice(0, 60).map(R)) + 5)];
    });
    for (const [row, path, width] of paths) {
      g.fillStyle = g.strokeStyle = pale(row);
      g.lineWidth = width;
      g.stroke(path);
      g.fill(path);
    }
    for (const [row, path] of paths) { g.strokeStyle = colour(row); g.lineWidth = 1.5; g.setLineDash(dash(row)); g.stroke(path); }
    g.setLineDash([]);
  }
  function node(i) {
    const r = R(i);
    g.beginPath();
    if (frame.status[i] === 2) g.rect(X(i) - r * 0.88, Y(i) - r * 0.88, r * 1.76, r * 1.76);
    else g.arc(X(i), Y(i), r, 0, 6.2832);
  }
  function nodes() {
    const n = frame.n, many = n > 1500;
    for (let i = 0; i < n; i++) {
      const row = frame.org[i];
      if (many && (X(i) < -9 || X(i) > wide + 9 || Y(i) < -9 || Y(i) > high + 9)) continue;
      if (many && scale < 3) { // small dots: squares are drawn far faster than circles
        const r = R(i);
        g.fillStyle = row === OUTSIDE ? "#8d9aa3" : colour(row);
        g.fillRect(X(i) - r, Y(i) - r, 2 * r, 2 * r);
        continue;
      }
      if (gone(i)) { // a small cross where the practice was; the site of a merged one lives on
        const x = X(i), y = Y(i);
        g.beginPath(); g.moveTo(x - 4, y - 4); g.lineTo(x + 4, y + 4); g.moveTo(x - 4, y + 4); g.lineTo(x + 4, y - 4);
        g.strokeStyle = frame.status[i] === 3 ? "#4c6272" : "#b3261e"; g.lineWidth = 1.6; g.stroke();
        continue;
      }
      node(i);
      g.fillStyle = row === OUTSIDE ? "#ffffff" : colour(row);
      g.fill();
      g.lineWidth = row === OUTSIDE ? 1.4 : 1.6;
      g.strokeStyle = row === OUTSIDE ? "#4c6272" : "#212b32";
      g.setLineDash(row === OUTSIDE ? [] : dash(row));
      g.stroke();
      g.setLineDash([]);
    }
  }
  function pulses() {
    if (!changed.size) return false;
    const age = performance.now() - pulseFrom, going = age < PULSE && !calm();
    for (const [i, what] of changed) {
      node(i);
      g.beginPath();
      g.arc(X(i), Y(i), R(i) + 4 + (going ? 16 * (1 - age / PULSE) : 0), 0, 6.2832);
      g.strokeStyle = what === "joined" ? "#005eb8" : "#a34a00";
      g.lineWidth = 2.5; g.setLineDash(what === "joined" ? [] : [4, 3]); g.stroke(); g.setLineDash([]);
    }
    return going;
  }
  function letters() {
    const found = groups();
    if (found.size > 120 && scale < 2) return;
    g.textAlign = "center"; g.textBaseline = "middle"; g.lineJoin = "round";
    for (const [row, members] of found) {
      const one = organisations.get(row);
      if (!one) continue;
      g.font = "bold 12px Arial";
      if (frame.n <= 400 || scale >= 3)
        for (const i of members) if (R(i) >= 7) { g.lineWidth = 3; g.strokeStyle = "#ffffff"; g.strokeText(one.label, X(i), Y(i)); g.fillStyle = "#212b32"; g.fillText(one.label, X(i), Y(i)); }
      if (frame.n > 400) {
        let x = 0, y = 0; for (const i of members) { x += X(i); y += Y(i); }
        g.lineWidth = 3; g.strokeStyle = "#ffffff"; g.strokeText(one.label, x / members.length, y / members.length);
        g.fillStyle = "#212b32"; g.fillText(one.label, x / members.length, y / members.length);
      }
    }
  }
  function marker(i, ink, width) {
    if (i < 0 || i >= frame.n) return;
    g.beginPath(); g.arc(X(i), Y(i), R(i) + 4, 0, 6.2832); g.strokeStyle = ink; g.lineWidth = width; g.stroke();
  }

  // Who is meant
  const stage = () => model.get("stage");
  const chosen = () => { const s = stage(), who = model.get("selected"); return s.names ? s.names.indexOf(who) : -1; };
  const inWords = (i) => {
    const s = stage(), one = organisations.get(frame.org[i]);
    if (gone(i)) return `${s.titles[i] || s.names[i]} (${s.names[i]}): ${frame.status[i] === 3 ? "part of another practice" : "closed"}`;
    const whose = one ? `${one.form} ${one.label} (${one.name}), ${one.members} practices` : "in no organisation";
    return `${s.titles[i] || s.names[i]} (${s.names[i]}): ${figure(frame.lists[i], 0)} patients, ${whose}`;
  };
  const describe = () => {
    const inside = frame.org.filter((row, i) => row !== OUTSIDE && !gone(i)).length;
    el.dataset.month = frame.month;
    el.dataset.inside = inside;
    const standing = frame.status.filter((status) => status < 3).length;
    canvas.setAttribute("aria-label", `Network of ${standing} practices in month ${frame.month}: ${inside} in ${organisations.size} organisations. Arrow keys move between practices, Enter explains.`);
    const largest = [...organisations.values()].sort((a, b) => b.population - a.population);
    key.replaceChildren(...largest.slice(0, 12).map((one) => make("li", {}, make("button", { type: "button", class: "gp-chip", onclick: () => choose(one.name), title: `Why? ${one.name}` },
      make("i", { class: "gp-swatch", style: `background:${colour(one.row)};border-style:${["solid", "dashed", "dotted"][Math.floor(one.row / COLOURS.length) % 3]}` }), make("b", { text: one.label }), ` ${one.form}, ${one.members} practices, ${figure(one.population, 0)} patients`))),
      ...(largest.length > 12 ? [make("li", { text: `and ${largest.length - 12} more` })] : []));
  };
  const near = (x, y) => {
    let best = -1, least = Infinity;
    for (let i = 0; i < frame.n; i++) { const d = Math.hypot(X(i) - x, Y(i) - y) - R(i); if (d < least) { least = d; best = i; } }
    return least < 8 ? best : -1;
  };
  const choose = (name) => model.send({ wish: "explain", who: name });
  const point = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", (event) => { drag = { at: point(event), shift: [...shift], moved: false }; });
  canvas.addEventListener("pointermove", (event) => {
    if (!frame) return;
    const [x, y] = point(event);
    if (drag && event.buttons) {
      if (Math.hypot(x - drag.at[0], y - drag.at[1]) > 6) drag.moved = true;
      if (drag.moved && scale > 1) { shift = [drag.shift[0] + x - drag.at[0], drag.shift[1] + y - drag.at[1]]; paint(); return; }
    }
    const found = near(x, y);
    if (found !== hover) { hover = found; paint(); }
    tip.hidden = found < 0;
    if (found >= 0) { tip.textContent = inWords(found); tip.style.left = `${Math.min(x + 12, wide - 220)}px`; tip.style.top = `${y + 14}px`; }
  });
  canvas.addEventListener("pointerleave", () => { hover = -1; tip.hidden = true; paint(); });
  canvas.addEventListener("click", (event) => {
    const moved = drag && drag.moved; drag = null;
    if (moved || !frame) return;
    const found = near(...point(event));
    if (found >= 0) { cursor = found; choose(stage().names[found]); }
  });
  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!frame) return;
    if (event.key === "Enter" && cursor >= 0) { choose(stage().names[cursor]); return; }
    if (event.key === "+" || event.key === "-") { zoom(event.key === "+" ? 1.4 : 1 / 1.4); return; }
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    if (cursor < 0) cursor = Math.max(0, chosen());
    else {
      let best = -1, least = Infinity;
      for (let i = 0; i < frame.n; i++) {
        const dx = X(i) - X(cursor), dy = Y(i) - Y(cursor), along = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
        if (i !== cursor && along > 0.5 && along + 2 * aside < least) { least = along + 2 * aside; best = i; }
      }
      if (best >= 0) cursor = best;
    }
    canvas.setAttribute("aria-label", inWords(cursor));
    tip.hidden = false; tip.textContent = inWords(cursor);
    tip.style.left = `${Math.max(0, Math.min(X(cursor) + 12, wide - 220))}px`; tip.style.top = `${Y(cursor) + 14}px`;
    paint();
  });
  canvas.addEventListener("focus", () => paint());
  canvas.addEventListener("blur", () => { tip.hidden = true; if (frame) describe(); paint(); });
  canvas.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2); } }, { passive: false });
  function zoom(by) { const next = Math.max(1, Math.min(40, scale * by)); shift = next === 1 ? [0, 0] : shift.map((one) => (one * next) / scale); scale = next; paint(); }
  function picture() { canvas.toBlob((blob) => download(`gpfed-network-month-${frame ? frame.month : 0}.png`, "image/png", blob)); }

  const fit = () => {
    const box = canvas.parentElement.clientWidth || 600;
    wide = box; high = Math.round(Math.max(320, Math.min(0.72 * box, window.innerHeight * 0.62)));
    const ratio = window.devicePixelRatio || 1;
    canvas.width = wide * ratio; canvas.height = high * ratio;
    canvas.style.height = `${high}px`;
    if (frame) { now = layout(); to = null; }
    paint();
  };
  const watch = new ResizeObserver(fit);
  watch.observe(canvas.parentElement);
  model.on("change:places", readPlaces);
  model.on("change:frame", readFrame);
  model.on("change:selected", paint);
  readPlaces();
  return () => watch.disconnect();
}
export default { render };
