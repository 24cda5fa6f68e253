//! A place as the office knows it, valid by construction: codes unique and sorted, geometry in
//! metres, every reference resolved. [`crate::io`] makes one from files.

use geo::{LineString, MultiPolygon, Point, Polygon};

use super::ids::{CommunityId, CompoundId};
use super::services::CoverageRules;
use super::units::Counts;
use crate::walking::streets::Lines;

/// Where the local metres start: x grows east and y north from here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin {
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// Degrees north, WGS 84.
    pub lat: f64,
}

/// Everything known about a place. Tables are sorted by code.
#[derive(Clone, Debug)]
pub struct Place {
    /// As the place file names it.
    pub name: String,
    /// The date the data stand for, as free text; empty if not given.
    pub date: String,
    /// Origin of the local metres.
    pub origin: Origin,
    /// Name of the coordinate system the place file gives, in which layers for a GIS go out again.
    pub crs: String,
    /// 社区 and 村.
    pub communities: Vec<Community>,
    /// The smallest pieces; empty until hexagons fill a place that has only boundaries.
    pub atoms: Vec<Atom>,
    /// What the atoms are.
    pub atom_kind: AtomKind,
    /// Codes of compounds, by id.
    pub compounds: Vec<String>,
    /// What nobody crosses, and where it can be crossed after all.
    pub barriers: Barriers,
    /// Existing centres.
    pub centres: Vec<Centre>,
    /// Where one could build, convert or extend.
    pub candidates: Vec<Candidate>,
    /// Codes of the grids in force, if a plan is in force; [`Atom::grid_in_force`] points here.
    pub grids_in_force: Vec<String>,
    /// Grids that are given and not to be divided; [`Atom::given`] points here.
    pub given: Vec<Given>,
    /// Who serves which grid in force: personal data, for ledgers inside the office alone.
    pub staff: Vec<Staff>,
    /// Streets that are walked on, if they are known.
    pub streets: Option<Lines>,
    /// Streets and water that are drawn but not planned with.
    pub context: Context,
    /// Ground that two areas claim, or none, as the layers draw it.
    pub flaws: Vec<Flaw>,
}

/// One line of 网格员配备表, word for word. Personal data: no map, page or public table shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Staff {
    /// Code of the grid in force.
    pub grid: String,
    /// 姓名.
    pub name: String,
    /// 性别, 政治面貌, 职务, 专职/兼职, 力量类型, 电话 and 所属党支部, where given.
    pub details: [String; 7],
}

/// Ground drawn wrong, over a square metre.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// Codes of the areas that overlap, or that lie around a gap.
    pub between: Vec<String>,
    /// The ground, in metres.
    pub shape: MultiPolygon<f64>,
    /// Its area.
    pub area_m2: f64,
}

/// What is wrong with a piece of ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// Two areas claim it.
    Overlap,
    /// Communities lie all around it and none holds it.
    Gap,
}

impl FlawKind {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Gap => "gap",
        }
    }
}

/// What the atoms of a place are, which decides how they join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomKind {
    /// Areas that tile the communities; two join along a shared edge.
    Areas,
    /// Buildings or points; two join where the ground nearest to one meets that nearest to the other.
    Sites,
    /// H3 hexagons, for places of which only boundaries and populations are known.
    Hexagons,
}

impl AtomKind {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Sites => "sites",
            Self::Hexagons => "hexagons",
        }
    }
}

/// A community or village; grids never cross its line.
#[derive(Clone, Debug)]
pub struct Community {
    /// Text, 12 digits on the mainland.
    pub code: String,
    /// 名称.
    pub name: String,
    /// Outline in metres.
    pub outline: MultiPolygon<f64>,
    /// The ledger's counts, if there is a ledger and a row in it.
    pub ledger: Option<Counts>,
}

/// The smallest piece that is never split.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Unique text.
    pub code: String,
    /// The community that holds the largest share of it.
    pub community: CommunityId,
    /// Its area in metres, if it has one.
    pub shape: Option<MultiPolygon<f64>>,
    /// A point inside it, in metres.
    pub anchor: Point<f64>,
    /// Who lives there.
    pub counts: Counts,
    /// Pieces of one compound should stay in one grid.
    pub compound: Option<CompoundId>,
    /// Position in [`Place::grids_in_force`].
    pub grid_in_force: Option<u32>,
    /// Position in [`Place::given`].
    pub given: Option<u32>,
}

/// A grid that is given: all its atoms, and no others, make one grid of one community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The community that holds it.
    pub community: CommunityId,
    /// What it is.
    pub kind: GivenKind,
}

/// Why a grid is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenKind {
    /// 专属网格: an office tower, market, school, hospital, factory or campus, by its name. No range
    /// of households binds it.
    Exclusive {
        /// The site's name.
        name: String,
    },
    /// A grid in force that stays as it is, with its code.
    Locked {
        /// Position in [`Place::grids_in_force`].
        grid: u32,
    },
}

/// Lines nobody crosses, and points where they open.
///
/// For grids a river, railway or expressway opens near a bridge or crossing, and a wall with a gate
/// in it parts nobody, because its inside and its outside meet in the street.
#[derive(Clone, Debug, Default)]
pub struct Barriers {
    /// Rivers, railways, expressways, walls, in metres.
    pub lines: Vec<(BarrierKind, LineString<f64>)>,
    /// Bridges, gates and crossings, in metres.
    pub openings: Vec<Point<f64>>,
}

/// What stops a walker; it decides how the line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BarrierKind {
    /// 河流.
    River,
    /// 铁路.
    Railway,
    /// 围墙.
    Wall,
    /// Expressways and anything unnamed.
    Other,
}

/// Position and description shared by centres and candidates.
#[derive(Clone, Debug)]
pub struct Site {
    /// Unique text.
    pub code: String,
    /// 名称.
    pub name: String,
    /// Position in metres.
    pub at: Point<f64>,
    /// 地址, if given.
    pub address: Option<String>,
    /// Floor area, if given.
    pub area_m2: Option<f64>,
    /// Why it may not be planned with, though it stays on the map.
    pub set_aside: Option<SetAside>,
}

/// An existing centre (党群服务中心/站).
#[derive(Clone, Debug)]
pub struct Centre {
    /// Where and what.
    pub site: Site,
    /// Level of the hierarchy, 1 city to 5 corner; 4 is the community's. `None` if not given.
    pub level: Option<u8>,
    /// False if its status says that it is closed.
    pub open: bool,
    /// What it offers, sorted: known services by their own name, others as written.
    pub functions: Vec<String>,
    /// 开放时间, as written.
    pub hours: Option<String>,
    /// 方案: what is to be done to it, if anything.
    pub action: Option<Action>,
    /// The community it belongs to: the one named, else the one it stands in.
    pub community: Option<CommunityId>,
}

impl Centre {
    /// An open centre of which nothing else is known.
    pub fn open(site: Site) -> Self {
        Self {
            site,
            level: None,
            open: true,
            functions: Vec::new(),
            hours: None,
            action: None,
            community: None,
        }
    }

    /// True if it counts for the coverage of `level`: it is open, of that level or of none given, and
    /// as large as it must be. A higher level does not stand in for a lower one (GB 50180-2018).
    pub fn serves(&self, level: u8, rules: &CoverageRules) -> bool {
        let large = || self.site.area_m2.is_some_and(|area| area >= f64::from(rules.area_m2_min));
        self.open && self.level.is_none_or(|own| own == level) && (rules.area_m2_min == 0 || large())
    }
}

/// A place where a centre could stand.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Where and what.
    pub site: Site,
    /// What would have to be done there.
    pub action: Option<Action>,
    /// Cost in the ledger's own unit, if given.
    pub cost: Option<u64>,
    /// What the ledger says of the room.
    pub room: Room,
    /// The community it belongs to: the one named, else the one it stands in.
    pub community: Option<CommunityId>,
}

impl Candidate {
    /// A site of which nothing else is known.
    pub fn at(site: Site) -> Self {
        Self { site, action: None, cost: None, room: Room::default(), community: None }
    }
}

/// A room as its ledger (库存房源, 配套用房) describes it, word for word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// 类别: 库存房源, 配套用房 or another word.
    pub kind: Option<String>,
    /// 楼层.
    pub floor: Option<String>,
    /// 产权.
    pub ownership: Option<String>,
    /// 现状.
    pub condition: Option<String>,
    /// 可用时间.
    pub available: Option<String>,
}

/// 建 / 改 / 扩.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// 建: a new building.
    Build,
    /// 改: a room that exists.
    Convert,
    /// 扩: a centre made larger.
    Extend,
}

impl Action {
    /// The character the ledgers use.
    pub fn character(self) -> &'static str {
        match self {
            Self::Build => "建",
            Self::Convert => "改",
            Self::Extend => "扩",
        }
    }
}

/// Why a site is kept on the map but out of the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// It stands in no community of the place.
    Outside,
    /// Its address names another county or district.
    ForeignAddress,
}

/// What is drawn behind the plan.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Streets with whether each is a main one.
    pub streets: Vec<(bool, LineString<f64>)>,
    /// Water surfaces.
    pub water: Vec<Polygon<f64>>,
    /// Streets, rivers and railways that have a name, by which the sides of a grid are told.
    pub named: Vec<Named>,
}

/// A line with a name, in metres.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// What is called so.
    pub name: String,
    /// A barrier's kind; `None` for a street.
    pub kind: Option<BarrierKind>,
    /// Its course.
    pub line: LineString<f64>,
}
