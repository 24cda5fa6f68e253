// The order of the page, the principles, the proof and the provenance.

/** The four principles in plain words with their measures. */
function buildPrinciples() {
  const p = deep(PLAN, "principles"), part = deep(PLAN, "partition"), siting = deep(PLAN, "siting");
  if (!p && !part && !siting) return;
  const home = section("principles", T("四项原则与证明", "Four principles, and what is proved"));
  if (p && typeof p === "object") {
    const cards = [];
    const t = deep(p, "respect_tradition"), n = deep(p, "near_and_convenient"), r = deep(p, "right_size"), g = deep(p, "good_for_governing");
    if (t) {
      const moved = isNumber(t.households_moved);
      cards.push([T("尊重传统", "Respect for tradition"), T("沿用群众熟悉的网格和院落，少折腾。", "Keep the grids and yards people know; move few."), [
        moved ? [count(t.households_moved) + T(" 户", ""), T("调整到另一网格，占 ", "households change grid, ") + percent(t.households ? t.households_moved / t.households : NaN) + T("；越少越好。", "; fewer is better.")] : ["–", T("没有现行网格可比。", "There are no grids in force to compare with.")],
        moved ? [count(t.codes_kept) + T(" 个", ""), T("网格沿用原编码。", "grids keep their code.")] : null,
        isNumber(t.compounds) && t.compounds > 0 ? [count(t.compounds_split) + " / " + count(t.compounds), T("小区院落被分入不同网格；大院落超过规模上限时不得不分。", "compounds are divided; one larger than the limit has to be.")] : null]]);
    }
    if (n) cards.push([T("就近就便", "Near and convenient"), T("网格员到住户、住户到值守点，路要短。", "Short ways between residents and the duty point."), [
      [count(n.mean_metres_to_duty_point) + T(" 米", " m"), T("居民到本网格值守点的平均步行距离（按直线折算）。", "mean walk to the grid's duty point (estimated).")],
      [count(n.p90_metres_to_duty_point) + T(" 米", " m"), T("九成居民不超过这一距离。", "nine residents in ten walk no farther.")],
      [count(n.longest_metres_to_duty_point) + T(" 米", " m"), T("最远的一户。", "the longest walk.")]]]);
    if (r) cards.push([T("规模适度", "Right size"), T("网格不过大也不过小，工作量相近。", "Neither too large nor too small; like work for all."), [
      [percent(r.share_in_range), T("的网格符合规模要求。", "of the grids are of the right size.")],
      [decimal(r.coefficient_of_variation, 2), T("户数变异系数：0 为完全均等；小村庄和锁定网格会使它变大。", "variation of households: 0 is perfectly even; small villages and locked grids raise it.")],
      [decimal(r.largest_over_mean, 2) + T(" 倍", " ×"), T("最大网格与平均户数之比。", "the largest grid over the mean.")]]]);
    if (g) cards.push([T("有利治理", "Good for governing"), T("边界清楚、形状完整，不跨河跨铁路。", "Clear lines, whole shapes, no river or railway between."), [
      [count(g.barriers_crossed) + T(" 处", ""), T("网格跨越河流、铁路等障碍；应为 0。", "grids cross a barrier; should be 0.")],
      [decimal(g.polsby_popper_mean, 2), T("平均紧凑度：圆为 1，正方形约 0.79，越细长越接近 0。", "mean compactness: a circle is 1, a square 0.79, a thin strip near 0.")],
      [decimal(g.polsby_popper_lowest, 2), T("最低紧凑度；常由社区本身的形状造成。", "lowest compactness, often due to the community's own shape.")]]]);
    home.appendChild(el("div", { class: "principles" }, cards.map(c => el("div", { class: "principle" }, el("h3", {}, c[0]), el("p", {}, c[1]),
      el("dl", {}, c[2].filter(Boolean).map(m => el("div", {}, el("dt", {}, m[0]), el("dd", {}, m[1]))))))));
  }
  const sentences = proofs(part, siting);
  if (sentences.length) {
    home.appendChild(el("h3", {}, T("证明了什么", "What is proved")));
    home.appendChild(el("ul", { class: "proofs" }, sentences.map(s => el("li", {}, el("b", {}, s[0]), s[1], el("small", {}, s[2])))));
  }
  const out = listed("partition", "out_of_range").filter(Boolean);
  if (out.length) home.appendChild(makeTable(T("例外网格与理由", "Exceptions and reasons"), T("不在规模范围内的网格，逐一说明。", "Every grid outside its range, with the reason."),
    [{ key: "code", name: T("编码", "Code"), code: true }, { key: "name", name: T("名称", "Name") }, { key: "households", name: T("户数", "Households"), number: true }, { key: "reason", name: T("理由", "Reason"), grow: true }],
    out.map(o => { const at = GRID_AT.get(o.grid); return { grid: at === undefined ? -1 : at, code: String(o.grid), name: at === undefined ? "" : GRIDS.name[at], households: o.households, reason: String((ENGLISH ? o.reason_en : o.reason) || "") }; })));
  const back = listed("partition", "keep", "fell_back").filter(Boolean);
  if (back.length) home.appendChild(makeTable(T("未能严格沿用现行网格的社区", "Communities whose grids could not be kept"), "",
    [{ key: "code", name: T("编码", "Code"), code: true }, { key: "name", name: T("社区（村）", "Community") }, { key: "reason", name: T("理由", "Reason"), grow: true }],
    back.map(o => ({ grid: -1, code: String(o.community), name: String(o.name || ""), reason: String((ENGLISH ? o.reason_en : o.reason) || "") }))));
}

/** What is proved: a head, a sentence, the figures behind it. */
function proofs(part, siting) {
  const out = [], raw = (value, bound, gap, status) => T("取值 ", "Value ") + count(value) + T("，理论界 ", ", bound ") + count(bound) + T("，差距 ", ", gap ") + percent(gap) + (status ? T("，状态：", ", status: ") + ({ optimal: T("已证明最优", "proved best"), gap: T("留有差距", "gap left"), infeasible: T("无解", "infeasible") }[status] || status) : "");
  if (siting && isNumber(siting.value)) {
    const what = {
      cover: [T("新增覆盖 " + count(siting.value) + " 人", count(siting.value) + " people newly covered"), T("覆盖更多居民", "covers more")],
      walk: [T("居民步行总量降至最少", "least walking in total"), T("更省步行", "saves more walking")],
      fewest: [T("用最少的站点覆盖全部可覆盖居民", "fewest sites that cover all who can be covered"), T("用得更少", "needs fewer")],
      worst: [T("最远的步行尽量短", "shortest longest walk"), T("使它更短", "makes it shorter")],
      backup: [T("有两处中心可去的居民最多", "most people with two centres in reach"), T("惠及更多居民", "does better")],
      room: [T("可达且面积够用 " + count(siting.value) + " 户", count(siting.value) + " households with floor enough in reach"), T("容纳更多住户", "serves more")],
      fair: [T("覆盖最差的社区尽量好", "the worst covered community as well as can be"), T("做得更好", "does better")]
    }[siting.objective] || [String(siting.objective || ""), T("做得更好", "does better")];
    const asked = siting.new;
    const sentence = siting.status === "optimal"
      ? T("：在全部候选点中任选 " + asked + " 处，已证明没有别的组合能" + what[1] + "。", ": of all choices of " + asked + " sites among the candidates, none " + what[1] + ". This is proved.")
      : siting.status === "gap" ? T("：尚未证明为最优；与理论上限相比，最多还可能改进 " + percent(siting.gap) + "。", ": not proved best; against the bound at most " + percent(siting.gap) + " could be improved.")
        : T("：按所给条件无解。", ": the conditions cannot be met.");
    out.push([T("选址：", "Sites: ") + what[0], sentence, raw(siting.value, siting.bound, siting.gap, siting.status)]);
  }
  const o = deep(part, "objective");
  if (o && isNumber(o.value)) {
    const all = listed("partition", "communities").length;
    out.push([T("网格划分：四项原则加权", "Division: the four principles weighed"), o.status === "optimal"
      ? T("，" + all + " 个社区全部证明最优，按现行权重没有更好的划法。", ": proved best in all " + all + " communities; with these weights nothing does better.")
      : T("，" + all + " 个社区中 " + count(o.communities_proved) + " 个已证明最优；其余尚留 " + percent(o.gap) + " 的余地未能证明——这是证明的余地，不等于方案差这么多。", ": proved best in " + count(o.communities_proved) + " of " + all + " communities; for the rest " + percent(o.gap) + " is left open. That is room in the proof, not a known fault of the plan."), raw(o.value, o.bound, o.gap, o.status)]);
  }
  if (part && isNumber(part.moment_of_inertia)) out.push([T("网格紧凑", "Compactness"), T("：居民到网格中心的集中程度，与理论下限最多相差 " + percent(part.gap) + "。", ": how close residents are to the middle of their grid lies within " + percent(part.gap) + " of the bound."), raw(part.moment_of_inertia, part.bound, part.gap, "")]);
  if (part && isNumber(part.disconnected)) out.push([T("硬性要求", "Hard rules"), T("：每个单元恰属一个网格；不连通的网格 " + part.disconnected + " 个，空网格 " + part.empty + " 个，跨障碍 " + part.barriers_crossed + " 处。", ": every atom is in one grid; " + part.disconnected + " grids not connected, " + part.empty + " empty, " + part.barriers_crossed + " barriers crossed."), ""]);
  const keep = deep(part, "keep");
  if (keep && isNumber(keep.households_moved_bound) && keep.mode === "strict") out.push([T("沿用现行网格", "Grids in force kept"), keep.proved ? T("：严格沿用须调整 " + count(keep.households_moved_strict) + " 户，已证明不能更少。", ": kept strictly " + count(keep.households_moved_strict) + " households must move; proved least.") : T("：严格沿用调整 " + count(keep.households_moved_strict) + " 户，至少须 " + count(keep.households_moved_bound) + " 户。", ": kept strictly " + count(keep.households_moved_strict) + " households move; at least " + count(keep.households_moved_bound) + " must."), ""]);
  return out;
}

/** Coverage by group, as the plan states it. */
function buildGroups() {
  const groups = deep(PLAN, "coverage", "groups");
  if (!groups || typeof groups !== "object") return null;
  const rows = ["adult", "older", "child", "wheelchair"].filter(g => groups[g]).map(g => ({ grid: -1, name: word(g), people: groups[g].population, reached: groups[g].covered, share: groups[g].share, mean: groups[g].mean_minutes, p90: groups[g].p90_minutes, pace: deep(PLAN, "rules", "walking", g + "_mm_per_s") / 1000 }));
  return makeTable(T("分人群覆盖（现状）", "Coverage by group (today)"), T("各人群按各自步速，" + WITHIN + " 分钟。", "Each group at its own pace, within " + WITHIN + " minutes."),
    [{ key: "name", name: T("人群", "Group") }, { key: "pace", name: T("步速（米/秒）", "Pace (m/s)"), number: true, show: v => decimal(v, 2) }, { key: "people", name: T("人口", "People"), number: true }, { key: "reached", name: T("覆盖人口", "Covered"), number: true }, { key: "share", name: T("覆盖率", "Share"), number: true, show: v => percent(v) },
      { key: "mean", name: T("平均分钟", "Mean minutes"), number: true, show: v => decimal(v, 1) }, { key: "p90", name: T("九成居民不超过（分钟）", "Nine in ten within (min)"), number: true, show: v => decimal(v, 1) }], rows);
}

function buildProvenance() {
  const home = section("provenance", T("数据来源与规则", "Sources and rules"));
  const problems = deep(PLAN, "problems");
  if (problems) home.appendChild(el("p", {}, T("读入数据时：错误 " + count(problems.errors) + " 处，自动修复 " + count(problems.repaired) + " 处，提醒 " + count(problems.warnings) + " 处。", "On reading: " + count(problems.errors) + " errors, " + count(problems.repaired) + " repaired, " + count(problems.warnings) + " warnings.")));
  const found = givenTable("problems", T("数据问题", "Problems of the data"), "", { without: ["kind"] });
  if (found) home.appendChild(found);
  const facts = [[T("程序版本", "Version"), PLAN.wangge], [T("随机种子", "Seed"), PLAN.seed], [T("规则方案", "Profile"), deep(PLAN, "rules", "profile")], [T("步行模型", "Walks"), { streets: T("沿道路网络", "along the streets"), straight: T("直线距离折算", "straight distance made longer") }[deep(PLAN, "coverage", "model")]],
    [T("划分单元", "Atoms"), deep(PLAN, "place", "atom_kind") && word(PLAN.place.atom_kind) + T("，", ", ") + count(PLAN.place.atoms)]].filter(f => f[1] !== undefined && f[1] !== null && f[1] !== "");
  home.appendChild(el("p", {}, facts.map((f, i) => (i ? T("；", "; ") : "") + f[0] + T("：", ": ") + f[1]).join("") + T("。同样的输入和种子得到同样的结果。", ". The same input and seed give the same result.")));
  const inputs = listed("inputs").filter(Boolean);
  if (inputs.length) home.appendChild(makeTable(T("输入文件", "Inputs"), T("SHA-256 可核对文件是否为本次所用。", "SHA-256 tells whether a file is the one used."), [{ key: "file", name: T("文件", "File") }, { key: "hash", name: "SHA-256", code: true, hash: true }], inputs.map(i => ({ grid: -1, file: String(i.file), hash: String(i.sha256) }))));
  const rules = [];
  (function walk(value, name) {
    if (value && typeof value === "object" && !Array.isArray(value)) for (const k in value) walk(value[k], name ? name + "." + k : k);
    else if (value !== undefined) rules.push({ grid: -1, name: name, zh: RULES[name] || "", value: value === null ? "–" : Array.isArray(value) ? value.join(" ") : String(value) });
  })(deep(PLAN, "rules"), "");
  if (rules.length) home.appendChild(el("details", {}, el("summary", {}, T("本次采用的全部规则（" + rules.length + " 项）", "All rules in force (" + rules.length + ")")), makeTable(T("规则", "Rules"), "", [{ key: "name", name: T("参数", "Setting"), row: true }].concat(ENGLISH ? [] : [{ key: "zh", name: "含义" }], [{ key: "value", name: T("取值", "Value") }]), rules)));
}
const RULES = {
  "grids.attempts": "求解次数", "grids.effort": "求解力度", "grids.hexagons_per_grid": "每网格六边形数", "grids.households_max": "网格户数上限", "grids.households_min": "网格户数下限", "grids.keep": "沿用现行网格的方式", "grids.opening_reach_m": "障碍开口的作用距离（米）",
  "reading.child_to": "儿童年龄上限", "reading.older_from": "老年人年龄下限", "reading.people_per_100_households": "每百户人口", "reading.share_listed_permille": "人口列明比例（‰）", "coverage.jurisdiction": "只计本社区中心", "coverage.area_m2_min": "中心最小面积（平方米）", "coverage.area_m2_per_100_households": "每百户标准面积（平方米）", "coverage.level_within_s": "各层级时限（秒）",
  "siting.level": "计入覆盖的中心层级", "siting.new": "新增站点数", "siting.objective": "选址目标",
  "walking.adult_mm_per_s": "成人步速（毫米/秒）", "walking.child_mm_per_s": "儿童步速（毫米/秒）", "walking.older_mm_per_s": "老年人步速（毫米/秒）", "walking.wheelchair_mm_per_s": "轮椅速度（毫米/秒）", "walking.component_nodes_min": "路网连通块最少节点", "walking.detour_permille": "绕行系数（‰）", "walking.snap_max_m": "接入道路最远（米）", "walking.within_s": "时限（秒）",
  "weights.good_for_governing": "权重：有利治理", "weights.near_and_convenient": "权重：就近就便", "weights.respect_tradition": "权重：尊重传统", "weights.right_size": "权重：规模适度", "profile": "规则方案"
};

const begun = performance.now();
const MAP = buildMap();
buildCharts();
buildPrinciples();
buildTables();
(function () {
  const groups = buildGroups();
  if (!groups) return;
  const home = document.getElementById("charts") || document.getElementById("report");
  home.appendChild(groups);
})();
buildProvenance();
document.getElementById("report").insertBefore(el("nav", { class: "contents", "aria-label": T("目录", "Contents") }, SECTIONS.map(s => el("a", { href: "#" + s[0] }, s[1])),
  el("button", { type: "button", onclick: () => window.print() }, T("打印", "Print"))), document.getElementById("report").firstChild);
if (MAP) MAP.resize();
// Figures for whoever tests the page; nothing else relies on them.
window.wanggePage = { map: MAP, state: STATE, built: performance.now() - begun, grid: code => GRID_ANCHORS[GRID_AT.get(code)], covered: covered };
