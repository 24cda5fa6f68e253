// The map's section: controls, search, tooltip, keys and fingers.

function buildMap() {
  if (!(SHAPES.communities.count || SHAPES.grids.count || SHAPES.atoms.count || SHAPES.sites.count)) return null;
  const home = section("map", T("地图", "Map"),
    T("拖动平移；先点一下地图，再用滚轮缩放（或按住 Ctrl 滚动）；触屏用双指。键盘：方向键平移，＋ － 缩放，0 全图，Esc 取消选中。点网格可看数据，并在下方表中定位。",
      "Drag to move. Click the map first, then zoom with the wheel (or hold Ctrl); two fingers on a touch screen. Keys: arrows move, + and − zoom, 0 shows all, Esc clears. Click a grid for its figures and its row below."));
  const canvas = el("canvas", { tabindex: "0", role: "application", "aria-describedby": "map-selected", "aria-label": T("地图：方向键平移，加减号缩放，0 全图", "Map: arrow keys move, plus and minus zoom, 0 shows all") });
  const tip = el("div", { class: "tip", "aria-hidden": "true" }), hint = el("div", { class: "hint" }, T("点击地图后可用滚轮缩放", "Click the map to zoom with the wheel"));
  const map = createMap(canvas);
  const button = (words, label, run) => el("button", { type: "button", class: "square", "aria-label": label, title: label, onclick: run }, words);
  const middle = factor => () => { const s = map.size(); map.zoom(factor, s[0] / 2, s[1] / 2); };
  const frame = el("div", { class: "mapframe" }, canvas, tip, hint,
    el("div", { class: "zoom" }, button("+", T("放大", "Zoom in"), middle(1.5)), button("−", T("缩小", "Zoom out"), middle(1 / 1.5)), button(T("全", "All"), T("全图", "Show all"), map.fit)));
  const panel = el("div", { class: "panel" });
  const legend = el("div", { class: "legend", role: "group", "aria-label": T("图例", "Legend") });
  home.appendChild(el("div", { class: "mapgrid" }, el("div", { class: "mapside" }, frame, legend), panel));

  panel.appendChild(searchBox(map));
  if (HAS_WALKS) panel.appendChild(walkControl(map));
  const shading = [];
  if (SHAPES.grids.count) shading.push(["grids", T("网格", "grids")]);
  if (HAS_WALKS) shading.push(["walk", T("步行时间", "walking time")]);
  shading.push(["none", T("不填色", "none")]);
  panel.appendChild(el("fieldset", {}, el("legend", {}, T("底色", "Shading")), el("div", { class: "choices" }, shading.map(s =>
    el("label", {}, el("input", { type: "radio", name: "fill", value: s[0], checked: STATE.fill === s[0], onchange: function () { setFill(s[0]); } }), s[1])))));
  function setFill(fill) {
    STATE.fill = fill;
    const box = panel.querySelector('input[name="fill"][value="' + fill + '"]');
    if (box) box.checked = true;
    drawLegend(); map.refresh(true);
  }
  map.setFill = setFill;
  const has = kind => SHAPES.context[kind] && SHAPES.context[kind].count;
  const candidates = (SITES.kind || []).some(k => k === "candidate");
  const offered = [
    ["communities", T("社区（村）界", "communities"), SHAPES.communities.count],
    ["gridLines", T("网格界与编号", "grid lines and numbers"), SHAPES.grids.count],
    ["atoms", T("单元界", "atoms"), SHAPES.atoms.count],
    ["isochrones", T("等时圈", "isochrones"), SHAPES.isochrones.count],
    ["sites", T("中心与新增站点", "centres and new sites"), SITES.count],
    ["candidates", T("未选候选点", "other candidates"), candidates],
    ["issues", T("例外网格", "exceptions"), ISSUES.length],
    ["problems", T("数据问题", "problems of the data"), PROBLEMS.length],
    ["streets", T("道路", "streets"), has("street") || has("arterial")],
    ["water", T("水系", "water"), has("water") || has("river")],
    ["barriers", T("铁路、围墙等", "railways and walls"), has("wall") || has("railway") || has("barrier")],
    ["buildings", T("建筑", "buildings"), has("building")],
    ["labels", T("注记", "labels"), true]
  ];
  panel.appendChild(el("fieldset", {}, el("legend", {}, T("图层", "Layers")), el("div", { class: "layers" }, offered.filter(o => o[2]).map(o =>
    el("label", {}, el("input", { type: "checkbox", name: o[0], checked: map.layers[o[0]], onchange: function () { map.layers[o[0]] = this.checked; drawLegend(); map.refresh(true); } }), o[1])))));
  const chosen = el("div", { class: "selected", id: "map-selected", "aria-live": "polite" });
  panel.appendChild(chosen);

  function drawLegend() {
    empty(legend);
    const entry = (mark, words) => legend.appendChild(el("span", {}, mark, words));
    const swatch = (colour, inner) => svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, svg("rect", { x: 0.5, y: 0.5, width: 21, height: 13, fill: colour, stroke: COLOUR.hair }), inner || null);
    const line = (colour, width, dash) => svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, svg("line", { x1: 0, x2: 22, y1: 7, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": dash }));
    const drawn = (kind, counts) => {
      const mark = el("canvas", { width: 44, height: 40, class: "mark", "aria-hidden": "true" });
      const pen = mark.getContext("2d"); pen.scale(2, 2); drawSymbol(pen, kind, counts, kind === "chosen" ? 1 : null, 11, 10);
      return mark;
    };
    if (STATE.fill === "walk") {
      const T1 = decimal(STATE.limit / 3, STATE.limit % 3 ? 1 : 0), T2 = decimal(STATE.limit * 2 / 3, STATE.limit % 3 ? 1 : 0);
      entry(swatch(COLOUR.walk[0]), "≤" + T1 + T(" 分钟", " min"));
      entry(swatch(COLOUR.walk[1]), "≤" + T2 + T(" 分钟", " min"));
      entry(swatch(COLOUR.walk[2]), "≤" + STATE.limit + T(" 分钟", " min"));
      if (HAS_AFTER && STATE.after) entry(swatch(COLOUR.gained, [[5, 4], [11, 10], [17, 4]].map(p => svg("circle", { cx: p[0], cy: p[1], r: 1.2, fill: COLOUR.gainedDot }))), T("新增站点后可达", "with the new sites"));
      entry(swatch(COLOUR.beyond, [2, 9, 16].map(x => svg("line", { x1: x, x2: x + 5, y1: 13, y2: 1, stroke: COLOUR.beyondHatch }))), T("超过 ", "over ") + STATE.limit + T(" 分钟", " min"));
      entry(swatch(COLOUR.empty), T("无人居住", "nobody lives here"));
    } else if (STATE.fill === "grids") {
      legend.appendChild(el("span", {}, svg("svg", { width: 62, height: 14, "aria-hidden": "true" }, COLOUR.grids.map((c, i) => svg("rect", { x: i * 12 + 0.5, y: 0.5, width: 12, height: 13, fill: c, stroke: COLOUR.hair }))), T("网格（颜色只为区分相邻）", "grids (colours only part neighbours)")));
    }
    if (map.layers.communities && SHAPES.communities.count) entry(line(COLOUR.community, 2), T("社区（村）界", "community"));
    if (map.layers.gridLines && SHAPES.grids.count) entry(line(COLOUR.gridLine, 1.2), T("网格界", "grid"));
    if (map.layers.isochrones && SHAPES.isochrones.count) {
      Array.from(new Set(DATA.isochrones.minutes)).sort((a, b) => a - b).forEach((m, i) => entry(line(COLOUR.isochrone, 1.4, ["", "8 4", "2 3"][i % 3]), m + T(" 分钟等时圈", "-minute isochrone")));
    }
    const kinds = SITES.kind || [];
    if (map.layers.sites && kinds.indexOf("centre") >= 0) {
      entry(drawn("centre", true), T("党群服务中心", "service centre"));
      if ((SITES.counts || []).indexOf(false) >= 0) entry(drawn("centre", false), T("不计入本级覆盖的中心", "centre that does not count") + (SITES.count > 120 ? T("（放大后显示）", " (shown closer in)") : ""));
    }
    if (map.layers.sites && kinds.indexOf("chosen") >= 0) entry(drawn("chosen", true), T("建议新增（数字为建设次序）", "proposed site (in order of building)"));
    if (map.layers.candidates && candidates) entry(drawn("candidate", true), T("未选候选点", "other candidate"));
    if (map.layers.issues && ISSUES.length) entry(svg("svg", { width: 18, height: 15, "aria-hidden": "true" }, svg("path", { d: "M9 1 L16 13 L2 13 Z", fill: "#fff", stroke: COLOUR.mark, "stroke-width": 1.4 }), svg("path", { d: "M9 5 V9.5 M9 10.6 V12", stroke: COLOUR.mark, "stroke-width": 1.5 })), T("例外网格", "exception"));
    if (map.layers.problems && PROBLEMS.length) entry(svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: "M7 2 L12 7 L7 12 L2 7 Z", fill: "#fff", stroke: COLOUR.mark, "stroke-width": 1.4 })), T("数据问题", "problem of the data"));
  }
  drawLegend();

  function showSelected() {
    empty(chosen);
    const g = STATE.selected;
    if (!(g >= 0)) { chosen.appendChild(el("p", { class: "note" }, SHAPES.grids.count ? T("未选中网格。", "No grid selected.") : "")); return; }
    const rows = gridFacts(g);
    chosen.appendChild(el("h3", {}, GRIDS.name[g] || GRIDS.code[g]));
    chosen.appendChild(el("dl", { class: "facts" }, rows.map(r => [el("dt", {}, r[0]), el("dd", {}, r[1])])));
  }
  on("select", function (mover) {
    showSelected();
    if (STATE.selected >= 0 && mover !== "map") map.show(Array.from(SHAPES.grids.box.slice(STATE.selected * 4, STATE.selected * 4 + 4)));
    map.refresh(false);
  });
  on("walk", function () { drawLegend(); map.recolour(); showSelected(); });
  showSelected();

  // Hands.
  const fingers = new Map();
  let moved = 0, apart = 0, active = false, hinted = 0;
  const place = function (event) { const b = canvas.getBoundingClientRect(); return [event.clientX - b.left, event.clientY - b.top]; };
  canvas.addEventListener("pointerdown", function (event) {
    if (event.button > 0) return;
    canvas.focus({ preventScroll: true }); active = true;
    if (canvas.setPointerCapture) canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    moved = fingers.size > 1 ? 99 : 0; apart = spread();
  });
  function spread() { const p = Array.from(fingers.values()); return p.length > 1 ? Math.hypot(p[0][0] - p[1][0], p[0][1] - p[1][1]) : 0; }
  canvas.addEventListener("pointermove", function (event) {
    const now = place(event), last = fingers.get(event.pointerId);
    if (!last) { pointAt(now); return; }
    tip.style.display = "none";
    fingers.set(event.pointerId, now);
    const dx = now[0] - last[0], dy = now[1] - last[1];
    moved += Math.abs(dx) + Math.abs(dy);
    if (fingers.size === 1) { if (moved > 3) map.pan(dx, dy); return; }
    map.pan(dx / fingers.size, dy / fingers.size);
    const p = Array.from(fingers.values()), wide = spread();
    if (apart > 0 && wide > 0) map.zoom(wide / apart, (p[0][0] + p[1][0]) / 2, (p[0][1] + p[1][1]) / 2);
    apart = wide;
  });
  function lift(event) {
    if (!fingers.delete(event.pointerId)) return;
    apart = spread();
    if (event.type === "pointerup" && moved <= 3 && fingers.size === 0) {
      const p = place(event), found = map.at(p[0], p[1]);
      const grid = found.issue && found.issue.grid >= 0 ? found.issue.grid : found.grid;
      select(grid === STATE.selected ? -1 : grid, "map");
    }
  }
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, lift);
  canvas.addEventListener("pointerleave", function () { tip.style.display = "none"; map.hover(null); });
  canvas.addEventListener("focus", function () { active = true; });
  canvas.addEventListener("blur", function () { active = false; });
  canvas.addEventListener("wheel", function (event) {
    if (!active && !event.ctrlKey) {
      hint.classList.add("on"); clearTimeout(hinted);
      hinted = setTimeout(() => hint.classList.remove("on"), 900);
      return;
    }
    event.preventDefault();
    const p = place(event), by = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
    map.zoom(Math.exp(-Math.max(-240, Math.min(240, by)) * 0.0022), p[0], p[1]);
  }, { passive: false });
  canvas.addEventListener("keydown", function (event) {
    const steps = { ArrowLeft: [70, 0], ArrowRight: [-70, 0], ArrowUp: [0, 70], ArrowDown: [0, -70] };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (steps[event.key]) map.pan(steps[event.key][0], steps[event.key][1]);
    else if (event.key === "+" || event.key === "=") middle(1.4)();
    else if (event.key === "-" || event.key === "_") middle(1 / 1.4)();
    else if (event.key === "0") map.fit();
    else if (event.key === "Escape") select(-1, "map");
    else if (event.key === "Enter") { const s = map.size(); select(map.at(s[0] / 2, s[1] / 2).grid, "map"); }
    else return;
    event.preventDefault();
  });

  function pointAt(p) {
    const found = map.at(p[0], p[1]), lines = [];
    map.hover(found);
    if (found.site >= 0) {
      const s = found.site;
      lines.push([SITES.name[s] || SITES.code[s], true]);
      lines.push([word(SITES.kind[s]) + (SITES.level && SITES.level[s] ? T("，", ", ") + levelName(SITES.level[s]) : "") + (SITES.counts && SITES.counts[s] === false ? T("，不计入本级覆盖", ", does not count") : "")]);
      lines.push([SITES.code[s]]);
    } else {
      if (found.issue) lines.push([found.issue.text, true]);
      if (found.grid >= 0) {
        lines.push([GRIDS.name[found.grid] || GRIDS.code[found.grid], true]);
        lines.push([count(GRIDS.households && GRIDS.households[found.grid]) + T(" 户，", " households, ") + count(GRIDS.population && GRIDS.population[found.grid]) + T(" 人", " people")]);
      } else if (found.community >= 0) lines.push([communityName(found.community), true]);
      if (found.atom >= 0) {
        const a = found.atom;
        lines.push([T("单元 ", "Atom ") + ATOMS.atom[a] + T("：", ": ") + count(ATOMS.population && ATOMS.population[a]) + T(" 人", " people")]);
        if (HAS_WALKS) {
          const before = walkMinutes(ATOMS.minutes[a], STATE.group), after = HAS_AFTER ? walkMinutes(ATOMS.minutes_after[a], STATE.group) : before;
          const centre = ATOMS.centre && ATOMS.centre[a] >= 0 ? SITES.name[ATOMS.centre[a]] : "";
          lines.push([(before === null ? T("步行不可达", "no centre can be walked to") : T("步行 ", "Walk ") + decimal(before, 1) + T(" 分钟", " min")) + (centre ? T("，至", " to ") + centre : "") + (after !== null && after !== before ? T("；新增后 ", "; with new sites ") + decimal(after, 1) + T(" 分钟", " min") : "")]);
        }
      }
    }
    empty(tip);
    if (!lines.length) { tip.style.display = "none"; return; }
    for (const line of lines) tip.appendChild(el("div", { class: line[1] ? "strong" : null }, line[0]));
    tip.style.display = "block";
    const s = map.size(), w = tip.offsetWidth, h = tip.offsetHeight;
    tip.style.left = Math.max(4, p[0] + 16 + w > s[0] ? p[0] - w - 12 : p[0] + 16) + "px";
    tip.style.top = Math.max(4, p[1] + 16 + h > s[1] ? p[1] - h - 12 : p[1] + 16) + "px";
  }

  map.resize();
  window.addEventListener("resize", map.resize);
  window.addEventListener("beforeprint", map.paper);
  window.addEventListener("afterprint", map.afterPaper);
  return map;
}

/** The figures of a grid, as pairs of name and value. */
function gridFacts(g) {
  const rows = [[T("编码", "Code"), GRIDS.code[g]]], put = (name, value) => { if (value !== undefined && value !== null && value !== "") rows.push([name, value]); };
  const column = name => (GRIDS[name] ? GRIDS[name][g] : undefined);
  put(T("类型", "Kind"), column("kind") && word(column("kind")) + (column("locked") ? T("（锁定）", " (locked)") : ""));
  put(T("社区", "Community"), column("community_name"));
  for (const pair of [["households", T("户数", "Households")], ["population", T("人口", "People")], ["older", T("老年人", "Older")], ["child", T("儿童", "Children")], ["atoms", T("单元数", "Atoms")]]) if (isNumber(column(pair[0]))) put(pair[1], count(column(pair[0])));
  if (isNumber(column("area_m2"))) put(T("面积", "Area"), decimal(column("area_m2") / 10000, 2) + T(" 公顷", " ha"));
  put(T("值守点", "Duty point"), column("duty_point"));
  if (HAS_WALKS) {
    const people = members(STATE.group);
    let all = 0, before = 0, after = 0;
    for (let a = 0; a < ATOMS.count; a++) if (ATOMS.grid[a] === g) {
      const n = people[a] || 0; all += n;
      if (reaches(ATOMS.minutes[a], STATE.limit, STATE.group)) before += n;
      if (HAS_AFTER && reaches(ATOMS.minutes_after[a], STATE.limit, STATE.group)) after += n;
    }
    if (all) put(STATE.limit + T(" 分钟覆盖", " minutes"), percent(before / all) + (HAS_AFTER && after !== before ? " → " + percent(after / all) : ""));
  }
  if (column("in_range") === false) put(T("例外", "Exception"), reasonOf(g));
  return rows;
}

/** The slider of minutes and the choice of group, with the number covered. */
function walkControl(map) {
  const result = el("div", { class: "result", "aria-live": "polite" });
  const shown = el("output", { for: "limit", id: "limit-value" });
  const slider = el("input", { type: "range", id: "limit", min: "5", max: "30", step: "1", value: String(STATE.limit), oninput: function () { STATE.limit = Number(this.value); changed(); } });
  const groups = [["all", T("全体（成人步速）", "everybody (adult pace)")], ["older", T("老年人", "older people")], ["child", T("儿童", "children")]].filter(g => g[0] === "all" || PACE[g[0]]);
  const box = el("fieldset", { class: "walk" }, el("legend", {}, T("步行可达", "Within a walk of")),
    el("label", { for: "limit", class: "slider" }, T("时限 ", "Limit "), shown), slider,
    el("div", { class: "choices" }, groups.map(g => el("label", {}, el("input", { type: "radio", name: "group", value: g[0], checked: g[0] === STATE.group, onchange: function () { STATE.group = g[0]; changed(); } }), g[1]))),
    result);
  if (HAS_AFTER) box.insertBefore(el("label", { class: "tick" }, el("input", { type: "checkbox", name: "after", checked: true, onchange: function () { STATE.after = this.checked; changed(); } }), T("图上计入新增站点", "Show the new sites on the map")), result);
  function report() {
    const now = covered(STATE.limit, STATE.group);
    shown.textContent = STATE.limit + T(" 分钟", " min");
    slider.setAttribute("aria-valuetext", shown.textContent);
    empty(result);
    const line = (name, n, id) => el("div", { class: "line" }, el("span", {}, name), el("b", { id: id, "data-people": n }, count(n) + T(" 人", "")), el("span", {}, percent(now.people ? n / now.people : NaN)));
    result.appendChild(line(T("现状", "Today"), now.before, "covered-before"));
    if (HAS_AFTER) {
      result.appendChild(line(T("新增后", "With new sites"), now.after, "covered-after"));
      result.appendChild(el("div", { class: "line" }, el("span", {}, T("增加", "Gained")), el("b", {}, count(now.after - now.before) + T(" 人", "")), el("span", {})));
    }
    const metres = n => decimal(n / 1000, 2) + T(" 米/秒", " m/s");
    let note = T("共 ", "Of ") + count(now.people) + T(" 人。", " people. ");
    if (STATE.group !== "all") {
      note += T("分钟数＝成人分钟数×成人步速÷该群体步速（", "Minutes are an adult's × adult pace ÷ the group's pace (") + metres(PACE.all) + " ÷ " + metres(PACE[STATE.group]) + T("）。", ").");
      if (!counted(STATE.group)) note += T("单元数据未分列该群体人数，此处按全体居民以该步速行走计算，与上方“一老一小”数字口径不同。", " The atoms do not list this group, so this counts all residents walking at that pace; the main figures above count the group itself.");
    } else if (PACE.all) note += T("步速 ", "Pace ") + metres(PACE.all) + T("。", ".");
    result.appendChild(el("p", { class: "note" }, note));
  }
  function changed() {
    if (STATE.fill !== "walk") map.setFill("walk");
    report(); tell("walk");
  }
  report();
  return box;
}

/** Finds a grid, a community, a site or an atom by its name or code. */
function searchBox(map) {
  const list = el("ul", { class: "found", id: "found", role: "listbox", "aria-label": T("查找结果", "Found") });
  const input = el("input", { type: "search", id: "find", autocomplete: "off", role: "combobox", "aria-controls": "found", "aria-expanded": "false", placeholder: T("名称或编码", "name or code") });
  const all = [];
  const put = (kind, words, code, go) => all.push({ kind: kind, words: words || code, code: code || "", key: (String(words || "") + " " + String(code || "")).toLowerCase(), go: go });
  for (let c = 0; c < COMMUNITIES.count; c++) put(T("社区", "community"), communityName(c), COMMUNITIES.code && COMMUNITIES.code[c], () => map.show(Array.from(SHAPES.communities.box.slice(c * 4, c * 4 + 4))));
  for (let g = 0; g < GRIDS.count; g++) put(T("网格", "grid"), GRIDS.name && GRIDS.name[g], GRIDS.code && GRIDS.code[g], () => select(g, "search"));
  for (let s = 0; s < SITES.count; s++) if (SITE_POINTS[s]) put(word(SITES.kind[s]), SITES.name && SITES.name[s], SITES.code && SITES.code[s], function () {
    const p = SITE_POINTS[s], key = SITES.kind[s] === "candidate" ? "candidates" : "sites", box = document.querySelector('input[name="' + key + '"]');
    map.layers[key] = true; if (box) box.checked = true;
    map.show([p[0] - 250, p[1] - 250, p[0] + 250, p[1] + 250]);
  });
  for (let a = 0; a < ATOMS.count; a++) put(T("单元", "atom"), "", ATOMS.atom[a], function () {
    if (ATOMS.grid[a] >= 0) select(ATOMS.grid[a], "map");
    map.show(Array.from(SHAPES.atoms.box.slice(a * 4, a * 4 + 4)));
  });
  let hits = [], active = 0;
  function close() { empty(list); hits = []; list.style.display = "none"; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
  function choose(hit) { close(); input.value = hit.words; hit.go(); }
  function look() {
    const wanted = input.value.trim().toLowerCase();
    close();
    if (!wanted) return;
    for (const entry of all) { if (entry.key.indexOf(wanted) >= 0) hits.push(entry); if (hits.length >= 9) break; }
    active = 0;
    if (!hits.length) list.appendChild(el("li", { class: "none" }, T("没有找到", "Nothing found")));
    hits.forEach((hit, i) => list.appendChild(el("li", { id: "found-" + i, role: "option", "aria-selected": String(i === active), onmousedown: function (event) { event.preventDefault(); choose(hit); } }, el("span", {}, hit.words), el("small", {}, hit.kind + (hit.code !== hit.words ? " " + hit.code : "")))));
    list.style.display = "block"; input.setAttribute("aria-expanded", "true");
    point();
  }
  function point() {
    Array.from(list.children).forEach((li, i) => li.setAttribute("aria-selected", String(i === active)));
    if (hits.length) input.setAttribute("aria-activedescendant", "found-" + active);
  }
  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { close(); return; }
    if (event.key === "Enter" && !hits.length) look();
    if (!hits.length) return;
    if (event.key === "ArrowDown") active = (active + 1) % hits.length;
    else if (event.key === "ArrowUp") active = (active + hits.length - 1) % hits.length;
    else if (event.key === "Enter") { choose(hits[active]); event.preventDefault(); return; }
    else return;
    event.preventDefault(); point();
  });
  close();
  return el("div", { class: "search" }, el("label", { for: "find" }, T("查找", "Find")), input, list);
}
