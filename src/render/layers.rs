//! The pure input of a map: shapes, counts and names, and nothing about where they came from.
//!
//! A map must be drawable from a plan, from a file read back, or from four polygons in a test, so this
//! module knows no file and no other part of the tool. Everything is in metres of one local projection,
//! x to the east and y to the north; whoever fills it has projected already.

/// Polygons → rings (the exterior first, then holes) → points in metres.
pub type MultiRing = Vec<Vec<Vec<[f64; 2]>>>;

/// The language of everything printed on the sheet apart from names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// All a sheet shows.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Name of the place, which opens the title: 大安区.
    pub title_place: String,
    /// Date of the data, as it should be printed; empty if unknown.
    pub date: String,
    /// Where the data came from, as it should be printed; empty if unknown.
    pub source: String,
    /// Language of the furniture.
    pub lang: Lang,
    /// Communities and villages.
    pub communities: Vec<CommunityShape>,
    /// The smallest pieces, each in one grid.
    pub atoms: Vec<AtomShape>,
    /// Grids; [`AtomShape::grid`] counts into this list.
    pub grids: Vec<GridShape>,
    /// Centres, chosen sites and candidates.
    pub centres: Vec<Site>,
    /// Streets, rivers, railways and the like.
    pub context: Vec<ContextLine>,
    /// Minutes and the ground from which a centre is reached in so many, where walks follow streets.
    pub isochrones: Vec<(u32, MultiRing)>,
    /// Lakes and wide rivers.
    pub water: Vec<MultiRing>,
    /// Footprints, where atoms are buildings whose shapes were widened into cells.
    pub buildings: Vec<MultiRing>,
    /// Ground that two areas claim or none, for its own map.
    pub flaws: Vec<FlawShape>,
    /// The figures that captions quote.
    pub summary: Summary,
    /// Page and number of pages, where the sheet is one of several.
    pub page: Option<(u32, u32)>,
}

/// Ground drawn wrong.
#[derive(Debug, Clone, Default)]
pub struct FlawShape {
    /// Its number on the map.
    pub number: u32,
    /// Whether it belongs to nobody; else two areas claim it.
    pub gap: bool,
    /// Codes of the areas.
    pub between: String,
    /// Its area.
    pub area_m2: f64,
    /// The ground.
    pub rings: MultiRing,
}

/// A community or a village.
#[derive(Debug, Clone, Default)]
pub struct CommunityShape {
    /// Twelve-digit code, as text.
    pub code: String,
    /// Name, printed in bold.
    pub name: String,
    /// Outline.
    pub rings: MultiRing,
}

/// How the people of an atom stand towards the nearest centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Service {
    /// They reach a centre that exists today.
    Reached,
    /// They reach one once the chosen sites are built, and not before.
    Gained,
    /// They reach none in time.
    #[default]
    Beyond,
}

/// The smallest piece, never split.
#[derive(Debug, Clone, Default)]
pub struct AtomShape {
    /// Outline.
    pub rings: MultiRing,
    /// Index into [`Layers::grids`].
    pub grid: u32,
    /// Residents; an atom without any is drawn pale and counts nowhere.
    pub population: u32,
    /// Whether its people are served.
    pub service: Service,
    /// Walk to the nearest centre that serves them, in minutes, if known.
    pub minutes: Option<f64>,
}

/// A governance grid.
#[derive(Debug, Clone, Default)]
pub struct GridShape {
    /// Full code, as text.
    pub code: String,
    /// Name, for the tooltip of the SVG.
    pub name: String,
    /// What is printed on the map: the last three digits of the code.
    pub short_label: String,
    /// Outline.
    pub rings: MultiRing,
    /// Index into [`Layers::communities`].
    pub community: u32,
    /// Households.
    pub households: u32,
    /// Residents.
    pub population: u32,
    /// The number of its households is not to be made public.
    pub hidden: bool,
    /// Whether its households are in the range of [`Summary::range`].
    pub in_range: bool,
    /// An exclusive grid (专属网格), which no range binds.
    pub exclusive: bool,
    /// Where the label should stand, if someone has decided that.
    pub label_at: Option<[f64; 2]>,
}

/// What stands at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// A service centre that exists.
    Centre {
        /// 1 city to 5 micro-station, if known.
        level: Option<u8>,
        /// Whether it counts towards coverage; those that do not are drawn hollow.
        counts: bool,
    },
    /// A site the plan proposes, with its place in the order of building, from 1.
    Chosen {
        /// Place in the order, from 1.
        rank: u32,
    },
    /// A site that takes what is placed together with other services or levels, with its letter.
    Shared {
        /// 0 for A.
        letter: u8,
    },
    /// A site that was considered and not taken.
    Candidate,
}

/// A centre or a site.
#[derive(Debug, Clone)]
pub struct Site {
    /// Code, as text.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it is.
    pub at: [f64; 2],
    /// What it is.
    pub kind: SiteKind,
    /// Straight distance it serves, drawn as a circle around chosen sites; leave it empty where walking
    /// follows streets, since a circle would promise too much there.
    pub reach_m: Option<f64>,
    /// People a chosen site newly covers; the area of its disc stands for them.
    pub gain: Option<u32>,
    /// What is placed there together, as it is to be written; empty if nothing.
    pub inside: String,
}

/// Kinds of background line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContextKind {
    /// River or canal.
    River,
    /// Local street.
    Street,
    /// Arterial street.
    Arterial,
    /// Railway.
    Railway,
    /// Wall of a compound.
    Wall,
    /// Any other line one cannot cross on foot.
    Barrier,
}

/// A background line.
#[derive(Debug, Clone)]
pub struct ContextLine {
    /// What it is.
    pub kind: ContextKind,
    /// Its vertices.
    pub points: Vec<[f64; 2]>,
}

/// How walks were measured, for the footnote of the coverage map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkModel {
    /// Straight lines made longer by a factor, in thousandths (1300 is 1.3).
    Straight {
        /// Factor in thousandths.
        detour_permille: u32,
    },
    /// Along a network of paths.
    Network,
}

/// Figures for titles, captions and notes. Totals come from the plan and are not added up again here.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Number of grids.
    pub grids: u32,
    /// Grids whose households are in the range.
    pub in_range: u32,
    /// Households of the place.
    pub households: u32,
    /// Residents of the place.
    pub population: u32,
    /// Residents reached today, in thousandths.
    pub covered_permille: u32,
    /// Residents reached once the chosen sites are built, in thousandths; none without a siting.
    pub planned_permille: Option<u32>,
    /// The walk that counts as covered, in minutes.
    pub within_minutes: u32,
    /// How walks were measured.
    pub walk: WalkModel,
    /// Number of chosen sites.
    pub new_sites: u32,
    /// Least and most households of a basic grid.
    pub range: (u32, u32),
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            grids: 0,
            in_range: 0,
            households: 0,
            population: 0,
            covered_permille: 0,
            planned_permille: None,
            within_minutes: 15,
            walk: WalkModel::Straight { detour_permille: 1300 },
            new_sites: 0,
            range: (300, 500),
        }
    }
}
