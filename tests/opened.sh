#!/usr/bin/env bash
# Opens what a plan writes in the programs an office has, and judges what they show.
#
#   tests/opened.sh [PLACE [FOLDER [OPTIONS OF wangge plan]]]
#
# The place is data/demo if none is given; what is made is kept in FOLDER, if given.
#
# Workbook and document in LibreOffice, GeoPackage and Shapefiles in GDAL, the atlas in Poppler, the page
# in Chromium, where it is clicked. Programs that are missing are installed on Debian, by root; elsewhere
# that is a fault.
set -euo pipefail
cd "$(dirname "$0")/.."
place="${1:-data/demo}"
if [ $# -gt 1 ]; then
    mkdir -p "$2"
    work="$(cd "$2" && pwd)"
else
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
fi
out="$work/out"
[ $# -gt 2 ] && options=("${@:3}") || options=()
faults=0
good() { printf 'ok      %s\n' "$*"; }
bad() { printf 'FAULT   %s\n' "$*"; faults=$((faults + 1)); }
same() { if [ "$2" = "$3" ]; then good "$1: $2"; else bad "$1: $2, not $3"; fi; }
holds() { if grep -q -- "$2" "$3"; then good "$1 shows $2"; else bad "$1 does not show $2"; fi; }

lacking() { for program in chromium ogrinfo soffice pdftotext pdftoppm; do command -v "$program" > /dev/null || echo "$program"; done; }
if [ -n "$(lacking)" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    apt-get update -qq
    apt-get install -y -qq chromium gdal-bin libreoffice-calc libreoffice-writer poppler-utils > /dev/null
fi
if [ -n "$(lacking)" ]; then
    echo "missing: $(lacking | tr '\n' ' ')"
    exit 2
fi

# A grid out of range is an answer too.
cargo run --quiet --release -- plan "$place" --out "$out" --atlas --public --shapefile --quiet "${options[@]}" || [ $? -eq 1 ]
grids="$(($(wc -l < "$out/coverage_grids.csv") - 1))"
first="$(sed -n 2p "$out/coverage_grids.csv" | cut -d, -f1 | tr -d '\r')"

# LibreOffice.
soffice --headless --convert-to pdf --outdir "$work" "$out/ledgers.xlsx" > /dev/null 2>&1
pdftotext -layout "$work/ledgers.pdf" "$work/ledgers.txt"
for sheet in 网格一览表 覆盖率统计表 党群服务中心台账; do holds "the workbook" "$sheet" "$work/ledgers.txt"; done
holds "the workbook" "$first" "$work/ledgers.txt"
if [ -f "$out/方案.docx" ]; then
    soffice --headless --convert-to pdf --outdir "$work" "$out/方案.docx" > /dev/null 2>&1
    pdftotext -layout "$work/方案.pdf" "$work/document.txt"
    for word in 尊重传统 就近就便 规模适度 有利治理; do holds "the document" "$word" "$work/document.txt"; done
fi

# GDAL.
rows() { ogrinfo -q -sql "select count(*) as n from \"$2\"" "$1" 2> /dev/null | sed -n 's/.*= //p' | tail -1; }
same "rows of grids in plan.gpkg" "$(rows "$out/plan.gpkg" grids)" "$grids"
for name in $(ogrinfo -q "$out/plan.gpkg" | sed -n 's/^[0-9]*: \([^ ]*\).*/\1/p'); do
    layer="$out/layers/$name.geojson"
    if [ -f "$layer" ]; then
        inside="$(ogrinfo -q "$layer" | sed -n 's/^1: \([^ ]*\).*/\1/p')"
        same "rows of $name in plan.gpkg" "$(rows "$out/plan.gpkg" "$name")" "$(rows "$layer" "$inside")"
    fi
done
for shape in "$out"/shapefile/*.shp; do
    name="$(basename "$shape" .shp)"
    n="$(rows "$shape" "$name")"
    if [ "${n:-0}" -gt 0 ]; then good "rows of shapefile/$name.shp: $n"; else bad "shapefile/$name.shp has no rows"; fi
done

# Poppler.
pdftotext "$out/maps/atlas.pdf" "$work/atlas.txt"
pdftoppm -r 20 -png "$out/maps/atlas.pdf" "$work/sheet"
same "pages drawn of the atlas" "$(ls "$work"/sheet*.png | wc -l)" "$(pdfinfo "$out/maps/atlas.pdf" | sed -n 's/^Pages: *//p')"
holds "the atlas" 网格图 "$work/atlas.txt"

# Chromium: a copy of the page without its policy, which forbids the script that clicks.
cat > "$work/click.js" <<'JS'
const page = window.wanggePage, told = [], judge = (what, right) => told.push((right ? "ok " : "FAULT ") + what);
const canvas = document.querySelector("canvas[role=application]"), box = canvas.getBoundingClientRect();
function click(x, y) {
  for (const kind of ["pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, { clientX: x, clientY: y, pointerId: 1, button: 0, bubbles: true }));
}
const chosen = () => document.querySelector("#map-selected h3");
canvas.setPointerCapture = () => {};
const begun = performance.now();
let hit = 0;
for (let i = 1; i < 8; i++) for (let j = 1; j < 8; j++) { click(box.left + box.width * i / 8, box.top + box.height * j / 8); if (chosen()) hit += 1; }
judge("clicks on the map show a grid: " + hit + " of 49", hit > 3);
const clicks = (performance.now() - begun) / 49;
const slider = document.querySelector("#limit"), people = () => Number(document.querySelector("#covered-before").dataset.people);
let before = -1, rising = true;
for (const minutes of [5, 10, 15, 20, 30]) { slider.value = minutes; slider.dispatchEvent(new Event("input")); rising = rising && people() >= before; before = people(); }
judge("coverage grows with the slider, to " + before, rising && before > 0);
slider.value = 15; slider.dispatchEvent(new Event("input"));
judge("covered in 15 minutes as in plan.json: " + people(), people() === Number("@COVERED@"));
const find = document.querySelector("#find");
find.value = "@FIRST@"; find.dispatchEvent(new Event("input"));
judge("search finds @FIRST@", document.querySelectorAll("#found li[role=option]").length > 0);
judge("tables have rows", document.querySelectorAll("table tbody tr").length > 5);
told.push("built in " + page.built.toFixed(0) + " ms, a click " + clicks.toFixed(1) + " ms, a drawing " + page.map.times.draw.toFixed(0) + " ms");
const mark = document.createElement("pre"); mark.id = "judged"; mark.textContent = "\n" + told.join("\n") + "\n"; document.body.appendChild(mark);
JS
covered="$(grep -o '"covered": *[0-9]*' "$out/plan.json" | head -1 | grep -o '[0-9]*')"
sed -i "s/@COVERED@/$covered/; s/@FIRST@/$first/g" "$work/click.js"
{
    grep -v 'Content-Security-Policy' "$out/report.html" | sed '/<\/body>/,$d'
    printf '<script>'; cat "$work/click.js"; printf '</script>\n</body>\n</html>\n'
} > "$work/clicked.html"
shown() { chromium --headless --no-sandbox --disable-gpu --window-size=1400,1000 --virtual-time-budget=20000 "$@" 2> /dev/null; }
shown --dump-dom "file://$work/clicked.html" | sed -n '/<pre id="judged">/,/<\/pre>/p' | grep -E 'ok|FAULT|built' > "$work/judged.txt" || true
while read -r word rest; do
    case "$word" in
        ok) good "the page: $rest" ;;
        FAULT) bad "the page: $rest" ;;
        *) good "the page: $word $rest" ;;
    esac
done < "$work/judged.txt"
[ -s "$work/judged.txt" ] || bad "the page did not answer"
shown --log-net-log="$work/net.json" --screenshot="$work/page.png" "file://$out/report.html"
asked="$(grep -o '"url":"https\?://[^"]*"' "$work/net.json" | grep -v -E 'google|gstatic|chrome' | sort -u | head -3 || true)"
same "addresses the page asks for" "${asked:-none}" none
if [ "$(stat -c %s "$work/page.png")" -gt 50000 ]; then good "the page can be drawn"; else bad "the page is blank"; fi

[ "$faults" -eq 0 ] && echo "no fault found" || { echo "$faults faults"; exit 1; }
