//! Every kind of problem, with its message and remedy in both languages.

use super::lang::Lang;
use super::problem::{Severity, Told};
use super::worded::worded;

worded! {
    /// Every kind of problem an input can have, with its message and remedy in both languages.
    pub enum Kind or Told(Box<Told>);
    Unreadable { reason: String } Error
        "cannot be read: {reason}" "无法读取：{reason}"
        => "check that the path is right and the file may be read" "请检查路径与读取权限";
    TooLarge { bytes: u64, limit: u64 } Error
        "is {bytes} bytes long; at most {limit} are read" "长度 {bytes} 字节，超过上限 {limit}"
        => "check that this is the right file, or split it" "请确认文件是否正确，或拆分后再用";
    CellMissing { before: String, rule: String } Repaired
        "`{before}` was read as missing ({rule})" "“{before}”按缺失处理（{rule}）"
        => "" "";
    ColumnTaken { taken: String } Note
        "there is no such column; `{taken}` was taken for it" "没有这一列，以“{taken}”代之"
        => "name it in the place file if another is meant" "如不正确，请在地方文件中写明列名";
    CellRepaired { before: String, after: String, rule: String } Repaired
        "`{before}` was read as `{after}` ({rule})" "“{before}”按“{after}”读取（{rule}）"
        => "" "";
    NoUse {} Warning
        "is neither a layer nor a table that can be read" "既不是可读的图层，也不是可读的表格"
        => "leave it out, or save it in another format" "请去掉，或另存为其他格式";
    NotUtf8 { byte: u64 } Error
        "is not UTF-8 text (byte {byte})" "不是 UTF-8 文本（第 {byte} 字节）"
        => "save it as UTF-8 (in a spreadsheet: CSV UTF-8); it may be GBK or UTF-16 now"
           "请另存为 UTF-8（电子表格中选 CSV UTF-8）；现在可能是 GBK 或 UTF-16";
    Syntax { reason: String } Error
        "is not well formed: {reason}" "格式有误：{reason}"
        => "mend the file there, or export it again" "请在该处改正，或重新导出";
    CutShort {} Error
        "the file ends in the middle of something; it was cut short" "文件在中途结束，内容不完整"
        => "copy or export it again" "请重新复制或导出";
    NestedTooDeep {} Error
        "is nested too deeply" "嵌套过深"
        => "check that this is the right file" "请确认文件是否正确";
    NumberBad {} Error
        "no such number can stand here (NaN, Infinity, or too large)" "此处的数无效（NaN、Infinity 或过大）"
        => "find out what the number should be and write it, or export the layer again" "请查明并写入正确的数，或重新导出图层";
    QuoteOpen {} Error
        "a quotation mark is opened here and never closed" "此处的引号没有配对"
        => "close it, or delete it" "请补上或删除引号";
    KeyMissing {} Error
        "this key is missing" "缺少此项"
        => "add it to the place file" "请在地方文件中补上";
    KeyType { expected: &'static str } Error
        "should be {expected}" "类型应为 {expected}"
        => "change its value" "请更改其值";
    KeyUnknown { near: String } Error
        "this key is not known" "未知的配置项"
        => "remove it, or write {near}" "请删除，或改为 {near}";
    ProfileInvalid { reason: String } Error
        "the profile cannot be used: {reason}" "规则文件无法使用：{reason}"
        => "use \"town\", or a TOML file with the keys printed under `rules` in plan.json"
           "请用 \"town\"，或按 plan.json 中 rules 的键写 TOML 文件";
    CrsUnknown { crs: String } Error
        "the coordinate system {crs} is not known" "坐标系 {crs} 未知"
        => "use EPSG:4326, EPSG:4490, EPSG:4491 to 4554, GCJ-02 or BD-09" "可用 EPSG:4326、EPSG:4490、EPSG:4491 至 4554、GCJ-02、BD-09";
    CrsLikely { declared: String, likely: String, inside: usize, before: usize, points: usize } Warning
        "read as {declared}, {before} of {points} positions lie in a community; read as {likely}, {inside} do"
        "按 {declared} 理解，{points} 个坐标中 {before} 个落在社区内；按 {likely} 则有 {inside} 个"
        => "find out which it is and write it as `crs`; nothing was converted" "请查明坐标系并写明 crs，此处未作转换";
    CrsMember { found: String, declared: String } Warning
        "says its coordinates are {found}, but the place file says {declared}"
        "文件自称坐标系为 {found}，地方文件写的是 {declared}"
        => "make the two agree; the place file was followed" "请核对一致；此处以地方文件为准";
    CrsOfFile { found: String, declared: String } Warning
        "says its coordinates are {found} and was read so, though the place file says {declared}"
        "文件自称坐标系为 {found}，已按此读取；地方文件写的是 {declared}"
        => "if that is wrong, write `crs` under this layer" "如不正确，请在该图层下写明 crs";
    EncodingGuessed { encoding: String } Note
        "does not say how its text is encoded; it was read as {encoding}" "未注明文字编码，按 {encoding} 读取"
        => "" "";
    NotFeatureCollection { found: String } Error
        "should be a GeoJSON FeatureCollection, not {found}" "应为 GeoJSON FeatureCollection，而不是 {found}"
        => "export the layer as GeoJSON" "请把图层导出为 GeoJSON";
    LayerEmpty {} Error
        "holds no feature" "没有任何要素"
        => "check that this is the right layer" "请确认图层是否正确";
    TableEmpty {} Error
        "holds no row" "没有任何数据行"
        => "check that this is the right table" "请确认表格是否正确";
    FeatureInvalid { reason: String } Error
        "is not a sound GeoJSON feature: {reason}" "不是正确的 GeoJSON 要素：{reason}"
        => "mend this feature, or export the layer again" "请修改该要素，或重新导出图层";
    GeometryMissing {} Error
        "has no geometry" "没有几何图形"
        => "draw it, or delete the feature" "请补画，或删除该要素";
    GeometryKind { found: String, expected: &'static str } Error
        "is a {found}, where {expected} is needed" "几何类型是 {found}，应为 {expected}"
        => "check that the layer is the right one" "请确认图层是否正确";
    LayerOther { features: usize, found: String, expected: &'static str } Error
        "all of its {features} features are of the wrong kind (the first is a {found}); {expected} is needed"
        "{features} 个要素的几何类型都不对（第一个是 {found}），应为 {expected}"
        => "check that the layer is the right one" "请确认图层是否正确";
    RingShort { points: usize } Error
        "a ring has only {points} different points; an area needs 3" "环只有 {points} 个不同的点，面至少要 3 个"
        => "draw the area again" "请重画该面";
    RingUnclosed {} Repaired
        "a ring did not close; it was closed with a straight line" "环未闭合，已用直线闭合"
        => "look at the shape" "请查看图形";
    PointsRepeated { points: usize } Repaired
        "{points} points repeated the point before them and were dropped" "有 {points} 个点与前一点重复，已去除"
        => "" "";
    Crossing { change: String } Repaired
        "crosses itself; it was mended, which changed its area by {change}" "图形自相交，已修复，面积变化 {change}"
        => "look at the shape" "请查看图形";
    CrossingLarge { x: String, y: String } Error
        "crosses itself near {x}, {y}, and mending it would change its area by 0.1 % or more"
        "图形在 {x}, {y} 附近自相交，修复会使面积变化 0.1% 以上"
        => "draw it again there" "请在该处重画";
    AreaZero {} Error
        "has no area" "面积为零"
        => "draw it again, or delete it" "请重画或删除";
    PositionOutside { x: String, y: String, crs: String } Error
        "the position {x}, {y} cannot exist in {crs}" "坐标 {x}, {y} 在 {crs} 中不存在"
        => "check the coordinate system and the decimal point" "请检查坐标系和小数点";
    PositionsOutside { features: usize, x: String, y: String, crs: String, likely: &'static str } Error
        "none of its {features} positions, such as {x}, {y}, can exist in {crs}" "{features} 个坐标（如 {x}, {y}）在 {crs} 中都不存在"
        => "write the right `crs`; numbers of this size may be {likely}" "请写明正确的 crs；这样的数可能是 {likely}";
    PositionSwapped {} Repaired
        "longitude and latitude were swapped; they were put right" "经纬度颠倒，已对调"
        => "check the columns" "请检查列的对应关系";
    PositionMissing { code: String } Warning
        "{code} has no position (a coordinate is empty, or both are 0); it is neither drawn nor planned with"
        "{code} 没有坐标（有一项为空，或均为 0），不上图，也不参与规划"
        => "fill in both coordinates" "请填写两个坐标";
    PositionsDiffer { code: String, metres: u64 } Warning
        "the two positions of {code} lie {metres} m apart; longitude and latitude were taken" "{code} 的两个坐标相距 {metres} 米，此处取经纬度"
        => "find out which of them is right" "请查明哪一个正确";
    PositionUnreadable { value: String } Error
        "{value} is not a number" "{value} 不是数"
        => "write decimal degrees or metres" "请填写十进制度或米";
    PlaceTooWide { km: u64 } Error
        "the place is {km} km wide; one plan covers at most 500 km" "范围宽 {km} 千米，一次规划至多 500 千米"
        => "look for a stray position, or plan by county" "请查找偏离的坐标，或按县分别规划";
    ColumnMissing { there: String } Error
        "there is no such column; there are {there}" "没有这一列；现有 {there}"
        => "name the right column in the place file" "请在地方文件中写明正确的列名";
    ColumnRepeated {} Error
        "two columns have this name" "有两列同名"
        => "rename one of them" "请改名其中一列";
    RowRagged { fields: usize, expected: usize } Error
        "has {fields} fields, but the header has {expected}" "有 {fields} 个字段，表头有 {expected} 个"
        => "look for a stray separator or quote" "请检查多余的分隔符或引号";
    CodeMissing {} Error
        "has no code" "没有编码"
        => "fill it in" "请填写";
    CodeNumber { value: String } Warning
        "the code {value} is a number; zeros in front may be lost" "编码 {value} 是数字，前导零可能已丢失"
        => "write codes as text" "编码请以文本保存";
    CodeDamaged { value: String } Error
        "the code {value} has been damaged by a spreadsheet; its digits are lost" "编码 {value} 已被电子表格损坏，数字无法恢复"
        => "export it again with the column as text" "请把该列设为文本后重新导出";
    CodeUnfit { value: String } Error
        "the code {value} holds a control character or is longer than 64 characters" "编码 {value} 含控制字符或超过 64 个字符"
        => "correct it" "请改正";
    CodeTrimmed { before: String, after: String } Repaired
        "the code {before} was read as {after}" "编码 {before} 按 {after} 读取"
        => "" "";
    CodeRepeated { code: String, first: u64 } Error
        "the code {code} was used before, in row {first}, with other values" "编码 {code} 在第{first}行已用过，且内容不同"
        => "delete the wrong row, or give each its own code" "请删除错误的一行，或保证编码唯一";
    FeatureRepeated { code: String, first: u64 } Error
        "the code {code} was used before, by feature {first}" "编码 {code} 在第{first}个要素已用过"
        => "delete one of them, or give each its own code" "请删除其一，或保证编码唯一";
    RowRepeated { code: String, first: u64 } Warning
        "repeats row {first} ({code}); it was counted once" "与第{first}行（{code}）重复，只计一次"
        => "delete one of them" "请删除其中一行";
    CodeColumnWrong { repeated: usize, rows: usize, others: String } Error
        "holds no codes: {repeated} of {rows} are missing or repeat one before; columns whose values all differ: {others}"
        "不是编码列：{rows} 个值中有 {repeated} 个缺失或与前面重复；值不重复的列：{others}"
        => "name the column of codes in the place file" "请在地方文件中写明编码列";
    CodesForeign { rows: usize, strangers: usize, here: String, layer: String, there: String } Error
        "{strangers} of {rows} codes such as {here} are no codes of {layer}, which has codes such as {there}"
        "{rows} 个编码中有 {strangers} 个（如 {here}）在 {layer} 中没有，该图层的编码如 {there}"
        => "name the columns with the same codes in the place file, or give both the same codes"
           "请在地方文件中写明两边相同的编码列，或统一编码";
    CountsSwapped { rows: usize, people: String } Error
        "in {rows} rows there are more households than people in `{people}`" "有 {rows} 行的户数多于“{people}”的人数"
        => "the two columns may have been swapped; name the right ones in the place file" "两列可能颠倒，请在地方文件中写明正确的列";
    CodeLength { code: String, digits: usize, count: usize } Note
        "{count} community codes such as {code} have {digits} digits; on the mainland they have 12"
        "有 {count} 个社区编码（如 {code}）为 {digits} 位，大陆为 12 位"
        => "" "";
    CodesFromNames { count: usize } Note
        "has no code column; the {count} names serve as codes" "没有编码列，以 {count} 个名称为编码"
        => "" "";
    CountUnreadable { value: String } Error
        "{value} is not a whole number" "{value} 不是整数"
        => "write digits only" "请只填数字";
    CountNegative { value: String } Error
        "{value} is negative" "{value} 为负数"
        => "correct it" "请改正";
    CountFractional { value: String } Error
        "{value} is not whole; people and households are counted in ones" "{value} 不是整数，人和户须为整数"
        => "correct it" "请改正";
    CountHuge { value: String } Error
        "{value} is more than a community can hold" "{value} 过大，不可能属实"
        => "correct it; check the decimal point" "请改正，检查小数点";
    CountMissing { code: String } Warning
        "{code} has no count here; it was taken as 0, and the totals are incomplete" "{code} 此处没有数，按 0 计，合计不完整"
        => "fill it in" "请填写";
    CountNormalised { before: String, after: u64 } Repaired
        "{before} was read as {after}" "{before} 按 {after} 读取"
        => "" "";
    CountsOdd { code: String, households: u32, population: u32 } Warning
        "{code} has {population} people in {households} households" "{code} 有 {households} 户 {population} 人，不合常理"
        => "check both counts" "请核对户数与人数";
    GroupsExceed { code: String } Error
        "{code} has more older people and children than people" "{code} 的老人与儿童之和超过总人口"
        => "correct it" "请改正";
    ColumnEstimated { from: String, per_100: u32 } Warning
        "there is no such column; it was estimated from `{from}` with {per_100} people in 100 households"
        "没有这一列，按“{from}”以每百户 {per_100} 人估算"
        => "add the column if you can" "如有数据请补上该列";
    CountsNowhere {} Error
        "neither atoms nor communities have households and people" "单元和社区都没有户数与人口"
        => "name a population table in the place file" "请在地方文件中写明人口表";
    SpreadByArea { atoms: usize } Warning
        "atoms carry no counts; each community's people were spread over its {atoms} atoms by area"
        "单元没有人口数，已把各社区的人口按面积分到 {atoms} 个单元"
        => "give counts by atom if you can" "如有数据请按单元填写";
    AtomWithoutRow { code: String } Note
        "{code} has no row in the population table; it was taken as uninhabited" "{code} 在人口表中没有记录，按无人居住处理"
        => "" "";
    RowWithoutAtom { code: String, households: u32, population: u32 } Error
        "{code} ({households} households, {population} people) has no shape in the layer" "{code}（{households} 户 {population} 人）在图层中没有图形"
        => "add the shape or correct the code; leaving it out would lose people" "请补图形或改正编码；忽略会丢失人口";
    CommunityWithoutRow { code: String, name: String } Warning
        "{code} {name} has no row in the population table" "{code} {name} 在人口表中没有记录"
        => "add it, or map the old code to the new one" "请补上，或对照新旧编码";
    RowWithoutCommunity { code: String, name: String, population: u32 } Warning
        "{code} {name} ({population} people) has no polygon" "{code} {name}（{population} 人）没有图形"
        => "add the polygon or correct the code" "请补图形或改正编码";
    LedgerRowLost { code: String, name: String, population: u32 } Error
        "{code} {name} ({population} people) has no polygon, and people come from this table alone" "{code} {name}（{population} 人）没有图形，而人口只来自本表"
        => "add the polygon or correct the code; leaving it out would lose people" "请补图形或改正编码；忽略会丢失人口";
    LikelyPair { polygon: String, row: String } Warning
        "polygon {polygon} and row {row} are both unmatched; they may be one community renamed"
        "图形 {polygon} 与记录 {row} 都未匹配，可能是同一社区改名"
        => "if so, write the same code in both" "若属实，请统一编码";
    LedgerDiffers { code: String, name: String, people: u64, households: u64, ledger_people: u32, ledger_households: u32 } Note
        "{code} {name}: {people} people in {households} households in its atoms, {ledger_people} in {ledger_households} in its ledger; the atoms were planned with"
        "{code} {name}：单元合计 {households} 户 {people} 人，台账 {ledger_households} 户 {ledger_people} 人，规划以单元为准"
        => "" "";
    LedgerAgesUnplaced { code: String, name: String } Warning
        "{code} {name}: its ledger counts older people and children, but its atoms have fewer people; they were capped"
        "{code} {name}：台账的老人与儿童多于单元人口，已按单元人口封顶"
        => "check the two tables" "请核对两张表";
    ShareLow { code: String, community: String, share: String } Warning
        "only {share} of {code} lies in {community}, where it was put" "{code} 只有 {share} 的面积在 {community}，仍划入该社区"
        => "check the line between the communities" "请核对社区界线";
    AtomOutside { code: String, community: String, metres: u64 } Warning
        "{code} lies in no community; it was put into {community}, {metres} m away" "{code} 不在任何社区内，划入 {metres} 米外的 {community}"
        => "check its position" "请核对位置";
    AtomFarOutside { code: String, metres: u64 } Error
        "{code} is inhabited and lies {metres} m from the nearest community" "{code} 有人居住，却距最近的社区 {metres} 米"
        => "check its position and the coordinate system" "请检查位置与坐标系";
    Gap { codes: String, area: String } Warning
        "ground of {area} m2 between {codes} belongs to no community" "{codes} 之间有 {area} 平方米不属于任何社区"
        => "draw their common lines with the same points; see maps/qa.png" "请让相邻社区共用界线顶点，见 maps/qa.png";
    Overlap { first: String, second: String, area: String } Warning
        "{first} and {second} overlap by {area} m2" "{first} 与 {second} 重叠 {area} 平方米"
        => "mend the line between them" "请修正两者界线";
    CommunityEmpty { code: String, name: String } Warning
        "{code} {name} holds no atom; it gets no grid" "{code} {name} 内没有任何单元，不设网格"
        => "check the atoms there" "请检查该处单元";
    SiteOutside { code: String } Warning
        "{code} stands in no community; it stays on the map but is not chosen" "{code} 不在任何社区内，只上图，不参与选址"
        => "correct its position, or write yes in a column `confirmed`" "请改正位置，或在 confirmed 列填“是”";
    SiteForeign { code: String, address: String, usual: String } Warning
        "{code}: its address {address} names another district than the others ({usual}); it stays on the map but is not chosen"
        "{code} 的地址 {address} 不属于 {usual}，只上图，不参与选址"
        => "correct the address, or write yes in a column `confirmed`" "请改正地址，或在 confirmed 列填“是”";
    CentreForeign { code: String, address: String, usual: String } Warning
        "{code}: its address {address} names another district than the others ({usual}); it serves who can reach it"
        "{code} 的地址 {address} 不属于 {usual}，仍计其服务"
        => "check the row" "请核对该行";
    CentreOutside { code: String } Warning
        "{code} stands in no community; it serves who can reach it" "{code} 不在任何社区内，仍计其服务"
        => "check its position" "请核对位置";
    LevelUnknown { value: String } Warning
        "the level {value} is not known; the centre counts as having none" "层级 {value} 未知，按未填处理"
        => "write 1 (city), 2 (district), 3 (subdistrict or town), 4 (community) or 5 (micro-station)"
           "请填 1 至 5，或市、区县、街道、社区、微站";
    ActionUnknown { value: String } Warning
        "the action {value} is not known and was left out" "措施 {value} 未知，未采用"
        => "write build, convert or extend (建, 改, 扩)" "请填建、改或扩";
    NumberUnreadable { value: String } Warning
        "{value} is not a number of 0 or more and was left out" "{value} 不是非负数，未采用"
        => "write digits only" "请只填数字";
    GridAtomUnknown { atom: String } Warning
        "{atom} is no atom of the place; this line of the plan in force has no effect" "{atom} 不是本地单元，现行方案的这一行无效"
        => "check the code" "请核对编码";
    YesUnclear { value: String } Warning
        "{value} is neither yes nor no; it was taken for no" "“{value}”既非是也非否，按否处理"
        => "write yes or leave it empty" "请填“是”或留空";
    GivenAcross { grid: String, communities: String } Error
        "the locked grid {grid} holds atoms of {communities}; a grid belongs to one community" "锁定的网格 {grid} 跨越 {communities}，网格不得跨社区"
        => "unlock it, or correct the grids in force" "请取消锁定，或改正现行网格";
    ExclusiveAcross { name: String, communities: String } Warning
        "the exclusive site {name} lies in {communities}; it becomes a grid in each" "专属场所 {name} 分属 {communities}，各设一个专属网格"
        => "check the line between the communities" "请核对社区界线";
    ExclusiveLocked { name: String, grid: String } Warning
        "the exclusive site {name} lies in the locked grid {grid} and stays part of it" "专属场所 {name} 位于锁定的网格 {grid}，仍属该网格"
        => "unlock the grid to set the site apart" "如需单设，请取消锁定";
    GivenSummary { exclusive: usize, locked: usize } Note
        "{exclusive} exclusive sites and {locked} locked grids are given and were not divided" "有 {exclusive} 个专属场所、{locked} 个锁定网格，不参与划分"
        => "" "";
    GridMissing { count: usize } Note
        "{count} atoms have no grid in the plan in force" "有 {count} 个单元在现行方案中没有网格"
        => "" "";
    StreetsInvalid { reason: String } Error
        "the streets cannot be read: {reason}" "道路数据无法读取：{reason}"
        => "give an OpenStreetMap extract in PBF (.osm.pbf) or GeoJSON lines (.geojson)"
           "请提供 OpenStreetMap 的 PBF 文件（.osm.pbf）或 GeoJSON 线图层（.geojson）";
    StreetsNone {} Error
        "no line of it may be walked on" "没有可步行的道路"
        => "check the tag highway and the file" "请检查 highway 标签和文件";
    StreetsElsewhere { km: u64 } Error
        "its streets lie {km} km from the communities" "道路距社区 {km} 公里"
        => "check that this is the place's extract, and its coordinate system" "请核对是否本地数据及坐标系";
    AccessInvalid { reason: String } Error
        "the rules of foot access cannot be used: {reason}" "步行通行规则无法使用：{reason}"
        => "leave `access` out, or correct the key named" "请去掉 access，或改正所指的键";
    HeightsInvalid { reason: String } Error
        "the heights cannot be read: {reason}" "高程数据无法读取：{reason}"
        => "give an Esri ASCII grid (.asc) in degrees, or leave `heights` out"
           "请提供经纬度的 Esri ASCII 栅格（.asc），或去掉 heights";
    HeightsMissing { nodes: u64, all: u64 } Warning
        "{nodes} of {all} street nodes have no height; they are walked as level ground"
        "{all} 个道路节点中 {nodes} 个没有高程，按平地计"
        => "give heights that reach beyond the place" "请提供覆盖全部范围的高程";
    StreetsCut { nodes: u64 } Note
        "{nodes} nodes of its streets are missing, as at the edge of an extract; the streets end there"
        "缺少 {nodes} 个道路节点（多见于截取边缘），道路在该处截断"
        => "" "";
    BarrierOpenless { kind: String } Note
        "layer holds no bridge, gate or crossing for its {kind}" "图层没有为 {kind} 给出桥、门或道口"
        => "" "";
}
