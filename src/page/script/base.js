// Words, numbers and elements.

const DATA = JSON.parse(document.getElementById("data").textContent);
const PLAN = DATA.plan && typeof DATA.plan === "object" ? DATA.plan : {};
const ENGLISH = DATA.lang === "en";

/** One of two wordings. */
function T(zh, en) { return ENGLISH ? en : zh; }

/** A value deep in an object, or undefined. */
function deep(object) {
  let value = object;
  for (let i = 1; i < arguments.length; i++) {
    if (value === null || value === undefined) return undefined;
    value = value[arguments[i]];
  }
  return value === null ? undefined : value;
}

function isNumber(value) { return typeof value === "number" && isFinite(value); }

/** A count with commas, or a dash. */
function count(value) {
  if (!isNumber(value)) return "–";
  const sign = value < 0 ? "−" : "";
  return sign + String(Math.round(Math.abs(value))).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share of 0 to 1 as a percentage with one digit. */
function percent(share) { return isNumber(share) ? (share * 100).toFixed(1) + "%" : "–"; }

function decimal(value, digits) { return isNumber(value) ? value.toFixed(digits) : "–"; }

function fill(node, attributes, children) {
  for (const key in attributes) {
    const value = attributes[key];
    if (value === null || value === undefined || value === false) continue;
    if (key.slice(0, 2) === "on") node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children) {
    if (child === null || child === undefined || child === "") continue;
    if (Array.isArray(child)) fill(node, {}, child);
    else node.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An element; texts become text nodes, never markup. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes || {}, children);
}

const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes || {}, children);
}

function empty(node) { while (node.firstChild) node.removeChild(node.firstChild); return node; }

/** A section with a heading that the contents line can lead to. */
const SECTIONS = [];
function section(id, words, note) {
  const title = ENGLISH ? words : "一二三四五六七八九"[SECTIONS.length] + "、" + words;
  const node = el("section", { id: id, "aria-labelledby": id + "-title" },
    el("h2", { id: id + "-title" }, title), note ? el("p", { class: "note howto" }, note) : null);
  SECTIONS.push([id, title]);
  document.getElementById("report").appendChild(node);
  return node;
}

/** The colours of the printed maps. */
const COLOUR = {
  grids: ["#fdf3c4", "#dcebc3", "#c3ddee", "#f3c9a9", "#c9b8da"],
  walk: ["#68b5a7", "#9dd3c8", "#cbe8e1"],
  gained: "#c9d5f0", gainedDot: "#3f5fa8", beyond: "#eeac82", beyondHatch: "#8a3412",
  isochrone: "#0b5a52", empty: "#f3f2ef", speck: "#b9b8b2",
  ink: "#222428", quiet: "#5b6068", hair: "#b4b8be", paper: "#ffffff",
  community: "#2f2a3d", gridLine: "#767680", mark: "#b02a30",
  centre: "#c4161c", chosen: "#1b3f8b", candidate: "#555a62",
  water: "#b9daf0", river: "#6fb1de", building: "#4a4a52", street: "#ffffff", wall: "#8d8578"
};

/** Codes as they appear in the plan, in words. */
const WORDS = {
  basic: T("基础网格", "basic"), exclusive: T("专属网格", "exclusive"),
  error: T("错误", "error"), warning: T("提醒", "warning"), repaired: T("已修复", "repaired"), note: T("说明", "note"),
  centre: T("现有中心", "existing centre"), chosen: T("建议新增", "proposed site"), candidate: T("未选候选点", "candidate"),
  areas: T("小区（地块）", "areas"), sites: T("楼栋、院落", "buildings and yards"), hexagons: T("六边形单元", "hexagons"),
  adult: T("成人", "adults"), older: T("老年人", "older people"), child: T("儿童", "children"), wheelchair: T("轮椅使用者（全体按此计）", "by wheelchair (everybody)")
};
function word(key) { return Object.prototype.hasOwnProperty.call(WORDS, key) ? WORDS[key] : key; }

/** The level of a centre. */
function levelName(level) {
  const names = ENGLISH
    ? ["", "city centre", "district centre", "town-level centre", "community centre", "micro-station"]
    : ["", "市级", "区县级", "街道（乡镇）级", "社区（村）级", "微站"];
  return names[level] || "";
}

const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** The mark of a site; the legend draws the same ones. */
function drawSymbol(pen, kind, counts, rank, x, y) {
  pen.lineWidth = 1.6; pen.lineJoin = "miter";
  if (kind === "centre") {
    pen.beginPath();
    for (let i = 0; i < 10; i++) {
      const r = i % 2 ? 3.4 : 8, turn = Math.PI * (i / 5 - 0.5);
      pen.lineTo(x + r * Math.cos(turn), y + r * Math.sin(turn));
    }
    pen.closePath();
    pen.strokeStyle = "#ffffff"; pen.lineWidth = 3; pen.stroke();
    pen.fillStyle = counts ? COLOUR.centre : "#ffffff"; pen.fill();
    pen.strokeStyle = COLOUR.centre; pen.lineWidth = 1.2; pen.stroke();
  } else if (kind === "chosen") {
    pen.beginPath(); pen.arc(x, y, 9, 0, 7); pen.fillStyle = COLOUR.chosen; pen.fill();
    pen.strokeStyle = "#ffffff"; pen.stroke();
    if (rank) {
      pen.fillStyle = "#ffffff"; pen.font = "700 " + (String(rank).length > 2 ? 8 : 11) + "px " + FONT;
      pen.textAlign = "center"; pen.textBaseline = "middle"; pen.fillText(String(rank), x, y + 0.5);
    }
  } else {
    pen.beginPath(); pen.rect(x - 4, y - 4, 8, 8); pen.fillStyle = "#ffffff"; pen.fill();
    pen.strokeStyle = COLOUR.candidate; pen.lineWidth = 1.3; pen.stroke();
  }
}
