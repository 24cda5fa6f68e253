// Charts, drawn from the same numbers as the tables.

/** A frame with axes. `x` and `y` are [from, to]; ticks are drawn on whole steps. */
function axes(label, width, height, x, y, options) {
  const left = options.left || 46, right = options.right || 14, top = 14, bottom = 40;
  const X = v => left + (v - x[0]) / (x[1] - x[0] || 1) * (width - left - right), Y = v => height - bottom - (v - y[0]) / (y[1] - y[0] || 1) * (height - top - bottom);
  const node = svg("svg", { viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": label, class: "chart" });
  for (const v of steps(y[0], y[1], 5)) {
    node.appendChild(svg("line", { x1: left, x2: width - right, y1: Y(v), y2: Y(v), class: "rule" }));
    node.appendChild(svg("text", { x: left - 6, y: Y(v) + 4, "text-anchor": "end" }, options.yText ? options.yText(v) : count(v)));
  }
  for (const v of options.xTicks || steps(x[0], x[1], 8)) {
    node.appendChild(svg("line", { x1: X(v), x2: X(v), y1: height - bottom, y2: height - bottom + 4, class: "axis" }));
    node.appendChild(svg("text", { x: X(v), y: height - bottom + 18, "text-anchor": "middle" }, options.xText ? options.xText(v) : count(v)));
  }
  node.appendChild(svg("line", { x1: left, x2: width - right, y1: Y(y[0]), y2: Y(y[0]), class: "axis" }));
  node.appendChild(svg("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle", class: "name" }, options.xName));
  return { node: node, X: X, Y: Y, bottom: height - bottom, top: top, left: left, right: width - right };
}
/** Round values between two bounds, about so many. */
function steps(from, to, about) {
  const raw = (to - from) / about || 1, power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map(n => n * power).filter(n => n >= raw * 0.999)[0], out = [];
  for (let v = Math.ceil(from / step) * step; v <= to + step * 1e-6; v += step) out.push(Math.round(v * 1e6) / 1e6);
  return out;
}
function figure(title, sentence, chart, key) {
  return el("figure", {}, el("figcaption", {}, el("h3", {}, title), el("p", { class: "note" }, sentence)), key || null, chart);
}
function key(entries) {
  return el("div", { class: "key" }, entries.map(e => el("span", {}, svg("svg", { width: 22, height: 12, "aria-hidden": "true" },
    e[2] === "bar" ? svg("rect", { x: 1, y: 1, width: 20, height: 10, fill: e[0], stroke: e[3] || "none" })
      : e[2] === "dot" ? svg("circle", { cx: 11, cy: 6, r: 4.5, fill: e[0], stroke: e[3] || e[0], "stroke-width": 1.6 })
        : svg("line", { x1: 0, x2: 22, y1: 6, y2: 6, stroke: e[0], "stroke-width": 2.2, "stroke-dasharray": e[2] || null })), e[1])));
}

function buildCharts() {
  const charts = [householdsChart, minutesChart, curveChart, gainsChart].map(make => make()).filter(Boolean);
  if (!charts.length) return;
  const home = section("charts", T("图表", "Charts"));
  const grid = el("div", { class: "charts" });
  home.appendChild(grid);
  for (const chart of charts) grid.appendChild(chart);
}

/** Basic grids by households, with the range. */
function householdsChart() {
  if (!GRIDS.count || !GRIDS.households) return null;
  const least = deep(PLAN, "rules", "grids", "households_min"), most = deep(PLAN, "rules", "grids", "households_max");
  const sizes = [], out = [];
  for (let g = 0; g < GRIDS.count; g++) if (!GRIDS.kind || GRIDS.kind[g] !== "exclusive") { sizes.push(GRIDS.households[g] || 0); out.push(GRIDS.in_range && GRIDS.in_range[g] === false); }
  if (!sizes.length) return null;
  // Long tails go into one last bar, so that they do not flatten the rest.
  const cap = Math.max(most || 0, 200) * 2, width = most > 1200 ? 100 : most <= 150 ? 10 : 25;
  const top = Math.min(cap, Math.max.apply(null, sizes.concat([(most || 0) + width]))), bars = Math.floor(top / width) + 1;
  // The upper limit itself belongs to the range, and so to the bar below it.
  const fit = new Array(bars).fill(0), odd = new Array(bars).fill(0);
  sizes.forEach((n, i) => { const b = Math.min(bars - 1, Math.floor((n === most ? n - 1 : n) / width)); if (out[i]) odd[b]++; else fit[b]++; });
  const low = Math.max(0, Math.floor((Math.min.apply(null, sizes.concat([least || 0])) - width) / (width * 4)) * width * 4);
  const longTail = sizes.some(n => n > cap), high = Math.max.apply(null, fit.map((n, i) => n + odd[i]));
  const fitting = sizes.length - out.filter(Boolean).length;
  const sentence = T(sizes.length + " 个基础网格中 " + fitting + " 个符合" + (most ? " " + least + "–" + most + " 户的" : "") + "规模要求" + (longTail ? "；" + count(cap) + " 户以上并入最后一栏" : "") + "。",
    fitting + " of " + sizes.length + " basic grids are of the right size" + (most ? " (" + least + " to " + most + " households)" : "") + (longTail ? "; the last bar holds all over " + count(cap) : "") + ".");
  const a = axes(T("各网格户数分布。", "Grids by households. ") + sentence, 560, 280, [low, bars * width], [0, Math.max(4, high * 1.06)], { xName: T("户数", "households"), left: 40 });
  if (most) {
    a.node.insertBefore(svg("rect", { x: a.X(least), width: a.X(most) - a.X(least), y: a.top, height: a.bottom - a.top, fill: "#eef4f2" }), a.node.firstChild);
    for (const v of [least, most]) a.node.appendChild(svg("line", { x1: a.X(v), x2: a.X(v), y1: a.top, y2: a.bottom, stroke: COLOUR.isochrone, "stroke-dasharray": "5 3" }));
  }
  for (let b = Math.floor(low / width); b < bars; b++) {
    const x = a.X(b * width) + 0.8, w = a.X(width) - a.X(0) - 1.6;
    const title = () => svg("title", {}, b * width + "–" + ((b + 1) * width - 1) + T(" 户：", " households: ") + (fit[b] + odd[b]) + T(" 个网格", " grids"));
    if (fit[b]) a.node.appendChild(svg("rect", { x: x, width: w, y: a.Y(fit[b]), height: a.bottom - a.Y(fit[b]), fill: COLOUR.walk[0] }, title()));
    if (odd[b]) a.node.appendChild(svg("rect", { x: x, width: w, y: a.Y(fit[b] + odd[b]), height: a.Y(fit[b]) - a.Y(fit[b] + odd[b]), fill: COLOUR.beyond, stroke: COLOUR.beyondHatch, "stroke-width": 0.8 }, title()));
  }
  return figure(T("网格规模", "Size of grids"), sentence, a.node, key([[COLOUR.walk[0], T("达标网格", "of the right size"), "bar"], [COLOUR.beyond, T("例外", "exceptions"), "bar", COLOUR.beyondHatch], [COLOUR.isochrone, T("规模上下限", "range"), "5 3"]]));
}

/** A figure that is made again when the slider or the group changes. */
function live(make) {
  let node = make();
  on("walk", function () { const next = make(); node.parentNode.replaceChild(next, node); node = next; });
  return node;
}

/** Share covered against minutes. */
function minutesChart() {
  if (!HAS_WALKS) return null;
  return live(function () {
    const before = [], after = [];
    let people = 0;
    for (let m = 0; m <= 40; m++) { const c = covered(m, STATE.group); people = c.people; before.push(c.before); after.push(c.after); }
    const share = n => (people ? n / people : 0), now = share(before[STATE.limit]), then = share(after[STATE.limit]);
    const sentence = T(STATE.limit + " 分钟内现状覆盖 " + percent(now) + (HAS_AFTER ? "，新增后 " + percent(then) : "") + "。竖线随上方时限移动。",
      "Within " + STATE.limit + " minutes " + percent(now) + " are covered today" + (HAS_AFTER ? ", " + percent(then) + " with the new sites" : "") + ". The line follows the slider above.");
    const a = axes(T("覆盖率随步行时间。", "Share covered by minutes. ") + sentence, 560, 280, [0, 40], [0, 1], { xName: T("步行分钟", "minutes on foot"), yText: v => Math.round(v * 100) + "%" });
    const path = list => list.map((n, m) => (m ? "L" : "M") + a.X(m).toFixed(1) + " " + a.Y(share(n)).toFixed(1)).join("");
    a.node.appendChild(svg("line", { x1: a.X(STATE.limit), x2: a.X(STATE.limit), y1: a.top, y2: a.bottom, stroke: COLOUR.quiet, "stroke-dasharray": "3 3" }));
    if (HAS_AFTER) a.node.appendChild(svg("path", { d: path(after), fill: "none", stroke: COLOUR.chosen, "stroke-width": 2.4 }));
    a.node.appendChild(svg("path", { d: path(before), fill: "none", stroke: COLOUR.isochrone, "stroke-width": 2.4, "stroke-dasharray": HAS_AFTER ? "7 3" : null }));
    if (HAS_AFTER) a.node.appendChild(svg("circle", { cx: a.X(STATE.limit), cy: a.Y(then), r: 4, fill: COLOUR.chosen }));
    a.node.appendChild(svg("circle", { cx: a.X(STATE.limit), cy: a.Y(now), r: 4, fill: COLOUR.isochrone }));
    const groupName = STATE.group === "all" ? T("全体居民", "everybody") : word(STATE.group);
    return figure(T("覆盖率随步行时间（", "Share covered by minutes (") + groupName + T("）", ")"), sentence, a.node,
      key(HAS_AFTER ? [[COLOUR.isochrone, T("现状", "today"), "7 3"], [COLOUR.chosen, T("新增后", "with the new sites")]] : [[COLOUR.isochrone, T("现状", "today")]]));
  });
}

/** What each further centre brings. */
function curveChart() {
  const all = deep(PLAN, "place", "population") || 0;
  let points = listed("siting", "curve").filter(p => p && isNumber(p.centres) && isNumber(p.share));
  const proved = points.length > 1;
  if (!proved) {
    // Without a curve: the chosen sites one after another in their order of building.
    const rows = (table("siting") || []).filter(r => r.rank && r.newly_covered);
    if (!rows.length || !all) return null;
    let sum = deep(PLAN, "siting", "covered_before") || 0;
    points = [{ centres: 0, share: sum / all }].concat(rows.map((r, i) => ({ centres: i + 1, share: (sum += Number(r.newly_covered)) / all })));
  }
  points = points.slice().sort((p, q) => p.centres - q.centres);
  const last = points[points.length - 1].centres, first = points[0].centres, low = Math.max(0, Math.floor((points[0].share - 0.1) * 10) / 10);
  const gains = points.slice(1).map((p, i) => (p.share - points[i].share) * all);
  const sentence = T("横轴为新增站点数，纵轴为 " + WITHIN + " 分钟覆盖率。第 1 处带来约 " + count(gains[0]) + " 人，第 " + last + " 处带来约 " + count(gains[gains.length - 1]) + " 人。" + (proved ? "浅色线为理论上限，两线重合处已证明最优。" : ""),
    "New sites across, share covered in " + WITHIN + " minutes up. The first brings about " + count(gains[0]) + " people, number " + last + " about " + count(gains[gains.length - 1]) + "." + (proved ? " The pale line is the upper bound; where the lines meet, no choice is better." : ""));
  const every = Math.max(1, Math.ceil((last - first) / 12)), ticks = points.map(p => p.centres).filter(c => (c - first) % every === 0);
  const a = axes(T("新增站点的收益。", "What each site brings. ") + sentence, 560, 280, [first, last], [low, 1], { xName: T("新增站点数", "new sites"), xTicks: ticks, yText: v => Math.round(v * 100) + "%", right: 24 });
  const path = name => points.filter(p => isNumber(p[name])).map((p, i) => (i ? "L" : "M") + a.X(p.centres).toFixed(1) + " " + a.Y(Math.min(1, p[name])).toFixed(1)).join("");
  if (proved) a.node.appendChild(svg("path", { d: path("share_bound"), fill: "none", stroke: COLOUR.beyond, "stroke-width": 6 }));
  a.node.appendChild(svg("path", { d: path("share"), fill: "none", stroke: COLOUR.chosen, "stroke-width": 2.2 }));
  const chosen = deep(PLAN, "siting", "new");
  for (const p of points) {
    const here = p.centres === chosen;
    a.node.appendChild(svg("circle", { cx: a.X(p.centres), cy: a.Y(p.share), r: here ? 6 : 3.4, fill: here ? COLOUR.chosen : "#fff", stroke: COLOUR.chosen, "stroke-width": 1.6 }, svg("title", {}, p.centres + T(" 处：", " sites: ") + percent(p.share))));
    if (here || points.length <= 6) a.node.appendChild(svg("text", { x: a.X(p.centres), y: p.centres === first ? a.Y(p.share) + 20 : a.Y(p.share) - 10, "text-anchor": p.centres === first ? "start" : "middle", class: "value" }, percent(p.share)));
  }
  return figure(T("每多一处站点的收益", "What each further site brings"), sentence, a.node,
    key([[COLOUR.chosen, T("本方案可达到", "reached")]].concat(proved ? [[COLOUR.beyond, T("理论上限", "upper bound")]] : [], [[COLOUR.chosen, T("本方案新增数", "this plan"), "dot"]])));
}

/** Each community before and after. */
function gainsChart() {
  if (!HAS_WALKS || !COMMUNITIES.count) return null;
  return live(function () {
    const now = covered(STATE.limit, STATE.group);
    let rows = now.communities.map((c, i) => ({ name: communityName(i), people: c.people, before: c.people ? c.before / c.people : 0, after: c.people ? c.after / c.people : 0, gain: c.after - c.before })).filter(r => r.people > 0);
    const gaining = rows.filter(r => r.gain > 0);
    rows.sort((p, q) => q.gain - p.gain || p.before - q.before || (p.name < q.name ? -1 : 1));
    const more = Math.max(0, rows.length - 12);
    rows = rows.slice(0, 12);
    const height = 44 + rows.length * 22, left = ENGLISH ? 130 : 110, width = 560, right = 78;
    const top3 = gaining.sort((p, q) => q.gain - p.gain).slice(0, 3).map(r => r.name).join(T("、", ", "));
    const sentence = !HAS_AFTER ? T("各社区 " + STATE.limit + " 分钟覆盖率。", "Share of each community covered in " + STATE.limit + " minutes.")
      : gaining.length ? T("受益人数最多：" + top3 + "。右侧为新增人数。", "Most people gained: " + top3 + ". To the right, the people gained.") : T("此时限下新增站点未带来新的覆盖。", "At this limit the new sites cover nobody more.");
    const X = v => left + v * (width - left - right);
    const node = svg("svg", { viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": T("各社区受益。", "Who gains. ") + sentence, class: "chart" });
    for (const v of [0, 0.25, 0.5, 0.75, 1]) {
      node.appendChild(svg("line", { x1: X(v), x2: X(v), y1: 20, y2: height - 18, class: "rule" }));
      node.appendChild(svg("text", { x: X(v), y: 13, "text-anchor": "middle" }, Math.round(v * 100) + "%"));
    }
    rows.forEach(function (r, i) {
      const y = 34 + i * 22, name = r.name.length > 9 && !ENGLISH ? r.name.slice(0, 8) + "…" : r.name;
      const row = svg("g", {}, svg("title", {}, r.name + T("：", ": ") + percent(r.before) + (HAS_AFTER ? " → " + percent(r.after) : "")));
      row.appendChild(svg("text", { x: left - 10, y: y + 4, "text-anchor": "end", class: "value" }, name));
      if (r.after > r.before) row.appendChild(svg("line", { x1: X(r.before), x2: X(r.after), y1: y, y2: y, stroke: COLOUR.gainedDot, "stroke-width": 4, "stroke-opacity": 0.35 }));
      if (HAS_AFTER && r.after > r.before) row.appendChild(svg("circle", { cx: X(r.after), cy: y, r: 5, fill: COLOUR.chosen }));
      row.appendChild(svg("circle", { cx: X(r.before), cy: y, r: 5, fill: "#fff", stroke: COLOUR.isochrone, "stroke-width": 2 }));
      if (r.gain > 0) row.appendChild(svg("text", { x: width - 4, y: y + 4, "text-anchor": "end", class: "value" }, "+" + count(r.gain)));
      node.appendChild(row);
    });
    if (more) node.appendChild(svg("text", { x: left, y: height - 2 }, T("其余 " + more + " 个社区见表。", more + " more communities in the table.")));
    return figure(T("谁受益", "Who gains"), sentence, node, key([["#fff", T("现状覆盖率", "covered today"), "dot", COLOUR.isochrone]].concat(HAS_AFTER ? [[COLOUR.chosen, T("新增后", "with the new sites"), "dot"]] : [])));
  });
}
