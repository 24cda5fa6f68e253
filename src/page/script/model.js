// The plan's layers unpacked, and who is covered at any limit.

const STEP = 0.02;

/** Reads outlines: of each feature where its paths begin, of each path where its points begin, the points in
 *  metres, and the box of each feature. */
function unpack(layer) {
  const text = (layer && layer.geo) || "", features = (layer && layer.count) || 0;
  const paths = new Int32Array(features + 1), starts = [0], points = [];
  const box = new Float64Array(features * 4);
  let at = 0, x = 0, y = 0;
  function number() {
    let value = 0, scale = 1, bits;
    do {
      bits = LETTER[text.charCodeAt(at++)];
      value += (bits & 31) * scale;
      scale *= 32;
    } while (bits > 31);
    return value;
  }
  function signed() { const n = number(); return n % 2 ? -(n + 1) / 2 : n / 2; }
  for (let f = 0; f < features; f++) {
    let w = Infinity, s = Infinity, e = -Infinity, n = -Infinity;
    const many = number();
    for (let p = 0; p < many; p++) {
      const length = number();
      for (let i = 0; i < length; i++) {
        x += signed(); y += signed();
        const px = x * STEP, py = y * STEP;
        points.push(px, py);
        if (px < w) w = px; if (px > e) e = px;
        if (py < s) s = py; if (py > n) n = py;
      }
      starts.push(points.length / 2);
    }
    paths[f + 1] = starts.length - 1;
    box[f * 4] = w; box[f * 4 + 1] = s; box[f * 4 + 2] = e; box[f * 4 + 3] = n;
  }
  return { count: features, paths: paths, starts: Int32Array.from(starts), xy: Float64Array.from(points), box: box };
}
const LETTER = (function () {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const table = new Uint8Array(128);
  for (let i = 0; i < letters.length; i++) table[letters.charCodeAt(i)] = i;
  return table;
})();

/** Whether a point lies in a feature, counting crossings of all its rings. */
function inside(shape, f, x, y) {
  const b = f * 4, box = shape.box;
  if (!(x >= box[b] && x <= box[b + 2] && y >= box[b + 1] && y <= box[b + 3])) return false;
  let odd = false;
  const xy = shape.xy;
  for (let p = shape.paths[f]; p < shape.paths[f + 1]; p++) {
    const from = shape.starts[p], to = shape.starts[p + 1];
    for (let i = from, j = to - 1; i < to; j = i++) {
      const yi = xy[2 * i + 1], yj = xy[2 * j + 1];
      if ((yi > y) !== (yj > y) && x < (xy[2 * j] - xy[2 * i]) * (y - yi) / (yj - yi) + xy[2 * i]) odd = !odd;
    }
  }
  return odd;
}

/** A place well inside a feature: the middle of the widest of some level cuts. */
function anchor(shape, f) {
  const b = f * 4, box = shape.box, xy = shape.xy;
  let best = [(box[b] + box[b + 2]) / 2, (box[b + 1] + box[b + 3]) / 2], widest = 0;
  for (const part of [0.5, 0.42, 0.58, 0.33, 0.67, 0.22, 0.78]) {
    const y = box[b + 1] + (box[b + 3] - box[b + 1]) * part, cuts = [];
    for (let p = shape.paths[f]; p < shape.paths[f + 1]; p++) {
      const from = shape.starts[p], to = shape.starts[p + 1];
      for (let i = from, j = to - 1; i < to; j = i++) {
        const yi = xy[2 * i + 1], yj = xy[2 * j + 1];
        if ((yi > y) !== (yj > y)) cuts.push((xy[2 * j] - xy[2 * i]) * (y - yi) / (yj - yi) + xy[2 * i]);
      }
    }
    cuts.sort((a, c) => a - c);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      // Cuts off the middle must be clearly wider to win.
      const width = (cuts[i + 1] - cuts[i]) * (1 - Math.abs(part - 0.5) * 0.6);
      if (width > widest) { widest = width; best = [(cuts[i] + cuts[i + 1]) / 2, y]; }
    }
  }
  return best;
}

/** Finds features at a point by a table of squares. */
function lookup(shape) {
  const side = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(shape.count))));
  const all = bounds([shape]);
  const w = (all[2] - all[0]) / side || 1, h = (all[3] - all[1]) / side || 1, cells = new Map();
  const column = x => Math.max(0, Math.min(side - 1, Math.floor((x - all[0]) / w)));
  const row = y => Math.max(0, Math.min(side - 1, Math.floor((y - all[1]) / h)));
  for (let f = 0; f < shape.count; f++) {
    const b = f * 4;
    if (!isFinite(shape.box[b])) continue;
    for (let r = row(shape.box[b + 1]); r <= row(shape.box[b + 3]); r++) {
      for (let c = column(shape.box[b]); c <= column(shape.box[b + 2]); c++) {
        const key = r * side + c;
        if (cells.has(key)) cells.get(key).push(f); else cells.set(key, [f]);
      }
    }
  }
  return function (x, y) {
    for (const f of cells.get(row(y) * side + column(x)) || []) if (inside(shape, f, x, y)) return f;
    return -1;
  };
}

/** West, south, east and north of some layers. */
function bounds(shapes) {
  const all = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (let f = 0; f < shape.count; f++) {
      const b = f * 4;
      all[0] = Math.min(all[0], shape.box[b]); all[1] = Math.min(all[1], shape.box[b + 1]);
      all[2] = Math.max(all[2], shape.box[b + 2]); all[3] = Math.max(all[3], shape.box[b + 3]);
    }
  }
  return all;
}

const GRIDS = DATA.grids, ATOMS = DATA.atoms, COMMUNITIES = DATA.communities, SITES = DATA.sites;
const SHAPES = {
  grids: unpack(GRIDS), atoms: unpack(ATOMS), communities: unpack(COMMUNITIES), sites: unpack(SITES),
  isochrones: unpack(DATA.isochrones), context: {}
};
for (const kind in DATA.context) SHAPES.context[kind] = unpack(DATA.context[kind]);

/** A list deep in the plan; an empty one if it is not there. */
function listed() {
  const found = deep.apply(null, [PLAN].concat(Array.from(arguments)));
  return Array.isArray(found) ? found : [];
}

/** Places of codes. */
function index(codes) { const map = new Map(); (codes || []).forEach((code, i) => map.set(code, i)); return map; }
const GRID_AT = index(GRIDS.code), COMMUNITY_AT = index(COMMUNITIES.code), SITE_AT = index(SITES.code), ATOM_AT = index(ATOMS.atom);
const GRID_ANCHORS = [], SITE_POINTS = [];
for (let g = 0; g < SHAPES.grids.count; g++) GRID_ANCHORS.push(anchor(SHAPES.grids, g));
for (let s = 0; s < SHAPES.sites.count; s++) {
  SITE_POINTS.push(isFinite(SHAPES.sites.box[s * 4]) ? [SHAPES.sites.box[s * 4], SHAPES.sites.box[s * 4 + 1]] : null);
}

const HAS_WALKS = Array.isArray(ATOMS.minutes);
const HAS_AFTER = HAS_WALKS && Array.isArray(ATOMS.minutes_after) && PLAN.siting !== undefined && (deep(PLAN, "siting", "new") || 0) > 0;
const WITHIN = deep(PLAN, "coverage", "within_minutes") || deep(PLAN, "rules", "walking", "within_s") / 60 || 15;

/** The paces, in millimetres per second. */
const PACE = {
  all: deep(PLAN, "rules", "walking", "adult_mm_per_s") || 0,
  older: deep(PLAN, "rules", "walking", "older_mm_per_s") || 0,
  child: deep(PLAN, "rules", "walking", "child_mm_per_s") || 0
};

/** How many of a group live in each atom; everybody where the plan does not say. */
function members(group) {
  if (group === "older" && Array.isArray(ATOMS.older)) return ATOMS.older;
  if (group === "child" && Array.isArray(ATOMS.child)) return ATOMS.child;
  return ATOMS.population || [];
}
function counted(group) { return group === "all" || Array.isArray(ATOMS[group]); }

/** Whether a walk of so many thousandths of a minute at an adult's pace is within the limit at a group's. */
function reaches(walk, limit, group) {
  return walk >= 0 && (PACE[group] && PACE.all ? walk * PACE.all <= limit * 1000 * PACE[group] : walk <= limit * 1000);
}
/** Minutes of a walk at a group's pace. */
function walkMinutes(walk, group) {
  return walk < 0 ? null : walk / 1000 * (PACE[group] && PACE.all ? PACE.all / PACE[group] : 1);
}

/** People of a group covered within a limit, today and with the new sites, in all and by community. */
function covered(limit, group) {
  const people = members(group), out = { people: 0, before: 0, after: 0, communities: [] };
  for (let c = 0; c < COMMUNITIES.count; c++) out.communities.push({ people: 0, before: 0, after: 0 });
  for (let a = 0; a < ATOMS.count; a++) {
    const n = people[a] || 0;
    if (!n) continue;
    const before = HAS_WALKS && reaches(ATOMS.minutes[a], limit, group) ? n : 0;
    const after = HAS_AFTER ? (reaches(ATOMS.minutes_after[a], limit, group) ? n : 0) : before;
    out.people += n; out.before += before; out.after += after;
    const community = out.communities[ATOMS.community[a]];
    if (community) { community.people += n; community.before += before; community.after += after; }
  }
  return out;
}

/** What the controls say now. */
const STATE = { limit: Math.max(5, Math.min(30, Math.round(WITHIN))), group: "all", after: true, fill: SHAPES.grids.count ? "grids" : HAS_WALKS ? "walk" : "none", selected: -1 };
const LISTENERS = { walk: [], select: [] };
function on(what, listener) { LISTENERS[what].push(listener); }
function tell(what) { for (const listener of LISTENERS[what]) listener(); }
function select(grid, mover) {
  STATE.selected = grid;
  for (const listener of LISTENERS.select) listener(mover);
}

/** The class of each atom: 0 to 2 near to far, 3 gained by new sites, 4 beyond, 5 nobody lives there. */
function walkClasses() {
  const classes = new Uint8Array(ATOMS.count);
  for (let a = 0; a < ATOMS.count; a++) {
    if (!(ATOMS.population && ATOMS.population[a])) { classes[a] = 5; continue; }
    const walk = ATOMS.minutes[a];
    if (reaches(walk, STATE.limit / 3, STATE.group)) classes[a] = 0;
    else if (reaches(walk, STATE.limit * 2 / 3, STATE.group)) classes[a] = 1;
    else if (reaches(walk, STATE.limit, STATE.group)) classes[a] = 2;
    else classes[a] = HAS_AFTER && STATE.after && reaches(ATOMS.minutes_after[a], STATE.limit, STATE.group) ? 3 : 4;
  }
  return classes;
}

/** A table of the plan as objects by column, or nothing. */
function table(name) {
  const found = DATA.tables[name];
  if (!found || !found.head.length) return null;
  return found.rows.map(cells => {
    const row = {};
    found.head.forEach((key, i) => { row[key] = cells[i] === undefined ? "" : cells[i]; });
    return row;
  });
}

const REASON_EN = new Map();
for (const out of listed("partition", "out_of_range")) if (out) REASON_EN.set(out.grid, out.reason_en);

/** What needs a look: grids out of range, and what the problems of the data name on the map. */
const ISSUES = [], PROBLEMS = [];
(function () {
  for (let g = 0; g < GRIDS.count; g++) {
    if (GRIDS.in_range && GRIDS.in_range[g] === false) {
      ISSUES.push({ at: GRID_ANCHORS[g], grid: g, text: GRIDS.name[g] + T("：", ": ") + reasonOf(g) });
    }
  }
  for (const row of table("problems") || []) {
    for (const token of (row.at + " " + row.message).match(/[0-9A-Za-z][0-9A-Za-z_-]{3,}/g) || []) {
      let at = null;
      if (GRID_AT.has(token)) at = GRID_ANCHORS[GRID_AT.get(token)];
      else if (SITE_AT.has(token)) at = SITE_POINTS[SITE_AT.get(token)];
      else if (COMMUNITY_AT.has(token)) at = anchor(SHAPES.communities, COMMUNITY_AT.get(token));
      else if (ATOM_AT.has(token)) at = anchor(SHAPES.atoms, ATOM_AT.get(token));
      if (at) { PROBLEMS.push({ at: at, grid: -1, text: word(row.severity) + T("：", ": ") + row.message }); break; }
    }
  }
})();

/** Why a grid is out of range, in the page's language. */
function reasonOf(g) {
  const given = (GRIDS.reason && GRIDS.reason[g]) || "";
  return ENGLISH ? REASON_EN.get(GRIDS.code[g]) || given : given;
}
function communityName(c) { return (COMMUNITIES.name && COMMUNITIES.name[c]) || (COMMUNITIES.code && COMMUNITIES.code[c]) || ""; }
