// Tables: search, order, totals, and copying into a spreadsheet.

/** Rows shown before one asks for more. */
const PAGE_ROWS = 100;
const PRINT_ROWS = 2000;

/** A cell for a spreadsheet: one line, and never a formula. */
function plain(value, text) {
  const words = String(value === null || value === undefined ? "" : value).replace(/[\t\r\n]+/g, " ");
  return (text || isNaN(Number(words))) && /^[=+\-@]/.test(words) ? "'" + words : words;
}

/**
 * A table. A column is { key, name, number, code, total, show, grow }: `number` is set right and summed with
 * `total`, `code` is text whatever it looks like. `rows` are objects; `grid` in one ties it to the map.
 */
function makeTable(title, note, columns, rows) {
  let order = null, down = false, wanted = "", shown = PAGE_ROWS, view = rows;
  const body = el("tbody"), foot = el("tfoot"), tally = el("span", { class: "tally", "aria-live": "polite" }), said = el("span", { class: "said", role: "status" });
  const more = el("button", { type: "button", onclick: function () { shown += 400; paint(); } });
  const show = (column, row) => { const v = row[column.key]; return column.show ? column.show(v, row) : column.number ? (isNumber(v) ? count(v) : "") : v === null || v === undefined ? "" : String(v); };
  const heads = columns.map(function (column) {
    const th = el("th", { scope: "col", class: column.number ? "number" : null, "aria-sort": "none", "data-name": column.name },
      el("button", { type: "button", onclick: function () { if (order === column) down = !down; else { order = column; down = Boolean(column.number); } arrange(); } }, column.name));
    column.head = th;
    return th;
  });
  const search = el("input", { type: "search", "aria-label": T("在表中查找：", "Search in table: ") + title, placeholder: T("筛选本表", "filter"), oninput: function () { wanted = this.value.trim().toLowerCase(); shown = PAGE_ROWS; arrange(); } });
  const scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
    el("table", {}, el("caption", {}, title), el("thead", {}, el("tr", {}, heads)), body, foot));
  const node = el("div", { class: "table" }, el("h3", {}, title), note ? el("p", { class: "note" }, note) : null,
    el("div", { class: "tools" }, rows.length > 8 ? search : null, tally, el("button", { type: "button", onclick: copy }, T("复制为表格（TSV）", "Copy as TSV")), said), scroll, more);
  rows.forEach(row => { row.words = columns.map(c => show(c, row)).join(" ").toLowerCase(); });

  function arrange() {
    view = wanted ? rows.filter(row => row.words.indexOf(wanted) >= 0) : rows.slice();
    for (const column of columns) column.head.setAttribute("aria-sort", column === order ? (down ? "descending" : "ascending") : "none");
    if (order) {
      const key = order.key, number = order.number;
      const at = new Map(view.map((row, i) => [row, i]));
      view.sort(function (p, q) {
        const a = p[key], b = q[key], noA = a === null || a === undefined || a === "", noB = b === null || b === undefined || b === "";
        if (noA || noB) return noA && noB ? at.get(p) - at.get(q) : noA ? 1 : -1;
        const by = number ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
        return (down ? -by : by) || at.get(p) - at.get(q);
      });
    }
    paint();
  }
  function paint() {
    empty(body); empty(foot);
    const part = document.createDocumentFragment();
    for (const row of view.slice(0, shown)) {
      const first = columns.filter(c => c.row)[0] || columns[0];
      const tr = el("tr", {}, columns.map(c => el(c === first ? "th" : "td", { scope: c === first ? "row" : null, class: (c.number ? "number" : c.hash ? "code hash" : c.code || c.keep ? "code" : c.grow ? "grow" : null) }, show(c, row))));
      if (row.grid >= 0) {
        tr.className = "link" + (row.grid === STATE.selected ? " here" : "");
        // One stop for the tab key; arrows lead on from there.
        tr.tabIndex = part.childNodes.length ? -1 : 0;
        tr.setAttribute("data-grid", GRIDS.code[row.grid]);
        if (row.grid === STATE.selected) tr.setAttribute("aria-current", "true");
        const go = () => select(row.grid, "table");
        tr.addEventListener("click", function () { if (!String(window.getSelection && window.getSelection())) go(); });
        tr.addEventListener("keydown", function (event) { 
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); return; }
          const beside = event.key === "ArrowDown" ? tr.nextSibling : event.key === "ArrowUp" ? tr.previousSibling : null;
          if (beside) { event.preventDefault(); beside.focus(); }
        });
      }
      part.appendChild(tr);
    }
    body.appendChild(part);
    if (columns.some(c => c.total)) {
      foot.appendChild(el("tr", {}, columns.map((c, i) => el(i ? "td" : "th", { scope: i ? null : "row", class: c.number ? "number" : null },
        c.total ? count(view.reduce((sum, row) => sum + (row[c.key] || 0), 0)) : i === 0 ? T("合计", "Total") : ""))));
    }
    tally.textContent = (view.length === rows.length ? "" : count(view.length) + " / ") + count(rows.length) + T(" 行", " rows");
    more.style.display = view.length > shown ? "" : "none";
    more.textContent = T("再显示一些（还有 ", "Show more (") + count(view.length - shown) + T(" 行）", " left)");
  }
  function copy() {
    const lines = [columns.map(c => plain(c.name))].concat(view.map(row => columns.map(c => {
      const v = row[c.key];
      return plain(c.number ? (isNumber(v) ? v : "") : show(c, row), !c.number);
    })));
    const text = lines.map(l => l.join("\t")).join("\r\n");
    // Rich text beside the plain, in which codes are marked as text, so that a spreadsheet keeps all digits.
    const holder = el("div"), sheet = el("table");
    holder.appendChild(sheet);
    lines.forEach(l => sheet.appendChild(el("tr", {}, l.map((cell, i) => { const td = el("td", {}, cell); if (!columns[i].number) td.setAttribute("class", "text"); return td; }))));
    const rich = '<style>.text{mso-number-format:"\\@"}</style>' + holder.innerHTML;
    let done = false;
    const give = function (event) { event.clipboardData.setData("text/plain", text); event.clipboardData.setData("text/html", rich); event.preventDefault(); done = true; };
    document.addEventListener("copy", give);
    try { document.execCommand("copy"); } catch (e) { done = false; }
    document.removeEventListener("copy", give);
    said.textContent = done ? T("已复制，可粘贴到表格软件", "Copied; paste it into a spreadsheet") : T("浏览器不允许复制，请选中表格后手动复制", "The browser refused; select the table and copy by hand");
    setTimeout(() => { said.textContent = ""; }, 4000);
  }
  if (rows.some(row => row.grid >= 0)) on("select", function (mover) {
    for (const tr of Array.from(body.querySelectorAll("tr.here"))) { tr.classList.remove("here"); tr.removeAttribute("aria-current"); }
    if (!(STATE.selected >= 0)) return;
    let at = view.findIndex(row => row.grid === STATE.selected);
    if (at < 0) {
      if (!rows.some(row => row.grid === STATE.selected)) return;
      wanted = ""; search.value = ""; arrange();
      at = view.findIndex(row => row.grid === STATE.selected);
    }
    if (at >= shown) { shown = at + 20; paint(); }
    const tr = body.children[at];
    tr.classList.add("here"); tr.setAttribute("aria-current", "true");
    if (mover !== "table") scroll.scrollTop = Math.max(0, tr.offsetTop - scroll.clientHeight / 2);
  });
  window.addEventListener("beforeprint", function () { const old = shown; shown = Math.max(shown, PRINT_ROWS); paint(); shown = old; });
  window.addEventListener("afterprint", paint);
  arrange();
  return node;
}

/** Column names of the plan's own tables, in English. */
const HEADS = {
  "编码": "Code", "名称": "Name", "层级": "Level", "地址": "Address", "经度": "Longitude", "纬度": "Latitude", "坐标系": "Reference system", "建筑面积": "Floor area (m²)", "状态": "Status", "就近人口": "People nearest", "备注": "Remarks",
  "排名": "Rank", "措施": "Action", "面积": "Area (m²)", "成本": "Cost (10,000 yuan)", "新增覆盖人数": "Newly covered", "节省步行人分钟": "Person-minutes saved", "结论与理由": "Verdict and reason",
  "原网格编码": "Old grid", "新网格编码": "New grid", "涉及户数": "Households", "调整户数": "Households moved", "原因": "Reason",
  "社区编码": "Code", "社区": "Community", "总人口": "People", "覆盖人口": "Covered", "覆盖率": "Share", "老年覆盖率": "Older covered", "儿童覆盖率": "Children covered", "平均步行分钟": "Mean minutes", "最远分钟": "Longest", "盲区户数": "Households beyond reach",
  "标准面积": "Standard area (m²)", "差额": "Missing (m²)", "达标": "Up to standard", "功能": "Functions", "开放时间": "Open", "方案": "Action", "服务": "Service", "对象": "For", "规定分钟": "Limit (min)", "中心数": "Centres", "对象人数": "People", "覆盖人数": "Covered"
};
const COLUMN_ZH = {
  severity: "级别", file: "文件", at: "位置", column: "列", kind: "类别", message: "说明", remedy: "处理办法", weight: "保留权重", grids: "网格数", in_range: "达标数", out_of_range: "例外数",
  households_moved: "调整户数", share_moved: "调整占比", codes_kept: "沿用编码", compounds_split: "被分开的院落", moment_of_inertia: "紧凑度（惯性矩）", mean_metres_to_duty_point: "到值守点平均米数", coefficient_of_variation: "户数变异系数", largest_over_mean: "最大/平均",
  line_metres: "网格界长（米）", plan: "方案", on_front: "互不占优", weight_respect_tradition: "权重·尊重传统", weight_near_and_convenient: "权重·就近就便", weight_right_size: "权重·规模适度", weight_good_for_governing: "权重·有利治理",
  p90_metres_to_duty_point: "九成居民到值守点米数", longest_metres_to_duty_point: "最远米数", polsby_popper_mean: "平均紧凑度", polsby_popper_lowest: "最低紧凑度", barriers_crossed: "跨越障碍", folder: "文件夹"
};
const IN_WORDS = { "不变": "unchanged", "边界调整": "boundary moved", "拆分": "split", "合并": "merged", "新增": "new", "撤销": "dissolved", "入选": "chosen", "是": "yes", "否": "no", "不计入本级覆盖": "does not count", "建": "build", "改": "convert", "扩": "extend", "开放": "open", "街道乡镇": "town", "社区村": "community", "微站": "micro-station", "市": "city", "区县": "district", "中心": "centre", "全体居民": "everybody", "老年人": "older people", "儿童": "children" };
const CODES = /编码|code|file|坐标系|名称|地址|folder/;

/** A table of the plan as it stands, with its columns named in the page's language. */
function givenTable(name, title, note, options) {
  const given = DATA.tables[name];
  if (!given || !given.rows.length) return null;
  const settings = options || {}, columns = [];
  given.head.forEach(function (head, i) {
    const cells = given.rows.map(r => r[i] || "");
    if (cells.every(c => c === "") || (settings.without || []).indexOf(head) >= 0) return;
    const number = !CODES.test(head) && cells.every(c => c === "" || /^-?\d+(\.\d+)?$/.test(c));
    columns.push({ key: "c" + i, name: ENGLISH ? HEADS[head] || head.replace(/_/g, " ") : COLUMN_ZH[head] || head, number: number, code: CODES.test(head) && /编码|code/.test(head), at: i,
      total: (settings.totals || []).indexOf(head) >= 0, grow: /理由|reason|message|原因|说明|address|地址/.test(head),
      show: number ? v => (isNumber(v) ? (Math.abs(v) % 1 || /[度]$/.test(head) ? String(v) : count(v)) : "") : v => (head === "severity" ? word(v) : ENGLISH && IN_WORDS[v] ? IN_WORDS[v] : v) });
  });
  const rows = given.rows.map(function (cells) {
    const row = { grid: -1 };
    for (const c of columns) row[c.key] = c.number ? (cells[c.at] === "" || cells[c.at] === undefined ? null : Number(cells[c.at])) : cells[c.at] || "";
    if (settings.grid !== undefined) { const at = GRID_AT.get(cells[given.head.indexOf(settings.grid)]); row.grid = at === undefined ? -1 : at; }
    return row;
  });
  return makeTable(title, note, columns, rows);
}

function gridsTable() {
  if (!GRIDS.count) return null;
  const column = (name, g) => (GRIDS[name] ? GRIDS[name][g] : null);
  const rows = [];
  const shares = new Map((table("coverage_grids") || []).map(r => [r.grid, r]));
  for (let g = 0; g < GRIDS.count; g++) {
    const reached = shares.get(GRIDS.code[g]);
    rows.push({ grid: g, code: GRIDS.code[g], name: column("name", g), kind: column("kind", g) && word(column("kind", g)), community: column("community_name", g), households: column("households", g), people: column("population", g), older: column("older", g), child: column("child", g),
      share: reached && Number(reached.population) > 0 ? Number(reached.covered) / Number(reached.population) : null,
      fits: column("in_range", g) === false ? T("例外", "no") : column("kind", g) === "exclusive" ? T("不适用", "n/a") : T("是", "yes"), reason: reasonOf(g) + (column("locked", g) && !reasonOf(g) ? T("锁定", "locked") : "") });
  }
  const columns = [{ key: "code", name: T("编码", "Code"), code: true }, { key: "name", name: T("名称", "Name") }, { key: "kind", name: T("类型", "Kind"), keep: true }, { key: "community", name: T("社区（村）", "Community") },
    { key: "households", name: T("户数", "Households"), number: true, total: true }, { key: "people", name: T("人口", "People"), number: true, total: true }, { key: "older", name: T("老年人", "Older"), number: true, total: true }, { key: "child", name: T("儿童", "Children"), number: true, total: true }];
  if (shares.size) columns.push({ key: "share", name: WITHIN + T(" 分钟覆盖", " min covered"), number: true, show: v => (isNumber(v) ? percent(v) : "") });
  columns.push({ key: "fits", name: T("是否达标", "Right size"), keep: true }, { key: "reason", name: T("说明", "Reason"), grow: true });
  return makeTable(T("网格一览", "Grids"), T("点一行即在地图上定位。", "Click a row to find it on the map."), columns, rows);
}

function communitiesTable() {
  if (!COMMUNITIES.count || !ATOMS.count) return null;
  const rows = [], sums = [], at = new Map(listed("partition", "communities").filter(Boolean).map(c => [c.community, c]));
  const ledger = new Map(((DATA.tables.coverage && DATA.tables.coverage.rows) || []).map(r => [r[0], r]));
  for (let c = 0; c < COMMUNITIES.count; c++) sums.push([0, 0]);
  for (let a = 0; a < ATOMS.count; a++) { const s = sums[ATOMS.community[a]]; if (s) { s[0] += (ATOMS.households && ATOMS.households[a]) || 0; s[1] += (ATOMS.population && ATOMS.population[a]) || 0; } }
  const now = HAS_WALKS ? covered(WITHIN, "all") : null;
  for (let c = 0; c < COMMUNITIES.count; c++) {
    const code = COMMUNITIES.code[c], worth = at.get(code), l = ledger.get(code) || [], n = now && now.communities[c];
    rows.push({ code: code, name: communityName(c), households: sums[c][0], people: sums[c][1], grids: worth ? worth.grids : null, before: n && n.people ? n.before / n.people : null, after: n && n.people ? n.after / n.people : null, older: l[5] || "", child: l[6] || "", mean: l[7] ? Number(l[7]) : null, blind: l[9] ? Number(l[9]) : null,
      proof: worth ? (worth.status === "optimal" ? T("已证明最优", "proved best") : T("与下限差 ", "gap ") + percent(worth.gap)) : "" });
  }
  const columns = [{ key: "code", name: T("编码", "Code"), code: true }, { key: "name", name: T("社区（村）", "Community") }, { key: "households", name: T("户数", "Households"), number: true, total: true }, { key: "people", name: T("人口", "People"), number: true, total: true }];
  const share = (key, name) => columns.push({ key: key, name: name, number: true, show: v => (isNumber(v) ? percent(v) : "") });
  if (at.size) columns.push({ key: "grids", name: T("网格数", "Grids"), number: true, total: true });
  if (now) share("before", T("现状覆盖", "Covered"));
  if (HAS_AFTER) share("after", T("新增后", "With new sites"));
  if (ledger.size) columns.push({ key: "older", name: T("老年覆盖", "Older") }, { key: "child", name: T("儿童覆盖", "Children") }, { key: "mean", name: T("平均分钟", "Mean minutes"), number: true, show: v => decimal(v, 1) }, { key: "blind", name: T("盲区户数", "Households beyond"), number: true, total: true });
  if (at.size) columns.push({ key: "proof", name: T("分区证明", "Division") });
  return makeTable(T("社区（村）", "Communities"), now ? T("覆盖按 ", "Covered within ") + WITHIN + T(" 分钟、成人步速计。", " minutes at an adult's pace.") : "", columns, rows);
}

function buildTables() {
  const made = [
    gridsTable(), communitiesTable(),
    givenTable("centres", T("党群服务中心", "Service centres"), T("“就近人口”为以该中心为最近的居民数。", "People nearest: residents whose nearest centre it is."), { totals: ["就近人口"] }),
    givenTable("services", T("分层级、分服务覆盖", "Coverage by level and service"), T("各层级分别统计，高一级中心不计入低一级的覆盖。", "Each level by itself: a higher one never raises a lower one.")),
    givenTable("sites", T("选址论证", "Sites and reasons"), T("未入选的候选点也逐一说明理由。", "Every candidate has its reason, chosen or not."), { totals: ["新增覆盖人数"] }) || sitesTable(),
    closuresTable(),
    givenTable("moves", T("网格调整对照", "Changes of grids"), T("“调整户数”为换入另一网格的户数。", "Households moved: those that come into another grid."), { totals: ["调整户数"], grid: "新网格编码" }),
    givenTable("trade_off", T("调整量与效果的取舍", "Moving less or more"), T("同一地方按不同保留力度划分的结果。", "The same place divided with more or less regard for the grids in force.")),
    givenTable("plans", T("备选方案", "Plans to choose from"), "")
  ].filter(Boolean);
  if (!made.length) return;
  const home = section("tables", T("明细表", "Tables"), T("点表头排序；“复制为表格”可直接粘贴到 WPS 或 Excel，编码保持为文本。", "Click a head to sort. Copied tables paste into a spreadsheet with codes kept as text."));
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": T("选择表", "Choose a table") });
  home.appendChild(tabs);
  const buttons = made.map(function (node, i) {
    node.id = "table-" + i; node.setAttribute("role", "tabpanel"); node.setAttribute("aria-labelledby", "tab-" + i);
    const button = el("button", { type: "button", role: "tab", id: "tab-" + i, "aria-controls": "table-" + i, onclick: () => open(i), onkeydown: function (event) {
      const to = event.key === "ArrowRight" ? (i + 1) % made.length : event.key === "ArrowLeft" ? (i + made.length - 1) % made.length : -1;
      if (to >= 0) { event.preventDefault(); open(to); buttons[to].focus(); }
    } }, node.querySelector("h3").textContent);
    tabs.appendChild(button); home.appendChild(node);
    return button;
  });
  function open(i) {
    made.forEach((node, j) => node.classList.toggle("closed", i !== j));
    buttons.forEach((b, j) => { b.setAttribute("aria-selected", String(i === j)); b.tabIndex = i === j ? 0 : -1; });
  }
  open(0);
}

/** Chosen sites where the plan has no ledger of them. */
function sitesTable() { return givenTable("siting", T("选址", "Sites"), ""); }

/** What would be lost if a centre closed. */
function closuresTable() {
  const rows = table("closures");
  if (!rows || !rows.length) return null;
  return makeTable(T("中心停用的影响", "If a centre closed"), T("假如该中心停用，多少人将失去 ", "How many people would lose their walk of ") + WITHIN + T(" 分钟内的服务。", " minutes if this centre closed."),
    [{ key: "centre", name: T("编码", "Code"), code: true }, { key: "name", name: T("名称", "Name") }, { key: "reach", name: T("时限内人口", "People in time"), number: true }, { key: "lost", name: T("失去服务人数", "People lost"), number: true }, { key: "households", name: T("失去服务户数", "Households lost"), number: true }],
    rows.map(r => ({ grid: -1, centre: r.centre, name: r.name, reach: Number(r.people_in_time), lost: Number(r.people_lost), households: Number(r.households_lost) })));
}
