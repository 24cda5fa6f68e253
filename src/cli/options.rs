//! Options that the planning commands share.

use std::path::PathBuf;

use super::parse;
use crate::alternatives;
use crate::index::fabric::Fabric;
use crate::model::place::Place;
use crate::model::plan::Plan;
use crate::model::rules::{Effort, Keep, LevelWish, Objective, Rules, ServiceWish};
use crate::model::units::WalkTime;
use crate::run::Run;

/// Where results go.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct OutArgs {
    /// Folder to write; an earlier result there is kept under a number
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Also draw a sheet for every community, to a round scale on 8开 or 4开: maps/atlas.pdf and a PNG each
    #[arg(long)]
    pub(super) atlas: bool,
    /// A font for characters of names that the maps' own lacks (.ttf, .otf)
    #[arg(long, value_name = "FILE")]
    pub(super) font: Option<PathBuf>,
    /// Also write the layers of plan.gpkg as Shapefiles, to shapefile/; long texts are cut
    #[arg(long)]
    pub(super) shapefile: bool,
    /// Also write tables and a map for the public to `public/`: no personal data, and no count of people or
    /// households below K shown or recoverable from totals
    #[arg(long, value_name = "K", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub(super) public: Option<u64>,
}

/// How grids are cut.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct GridOptions {
    /// Households of a grid, instead of the profile's range
    #[arg(long, value_name = "MIN-MAX", value_parser = parse::range)]
    households: Option<(u32, u32)>,
    /// What grids in force are worth. none: nothing; prefer: every household moved is charged;
    /// strict: in each community the fewest households move that bring all grids into range, with
    /// as many grids as now or the fewest more that hold everybody. Without it the profile's, prefer
    #[arg(long, value_name = "none|prefer|strict", value_parser = parse::keep)]
    keep: Option<Keep>,
    /// How much is tried and proved, in counted work: fast drafts and plain bounds; normal, which solves
    /// small communities to the end; prove, with forty times the work for the proof. Without it the
    /// profile's, normal
    #[arg(long, value_name = "fast|normal|prove", value_parser = parse::effort)]
    effort: Option<Effort>,
    /// Also divide with several weights of respect for tradition, and chart what moving fewer
    /// households costs: tradeoff.csv and maps/tradeoff.png. Needs grids in force
    #[arg(long)]
    pub(super) trade_off: bool,
    /// Also look for plans to choose from, none better than another in everything: plans.csv, and a
    /// folder plans/2, plans/3 ... for each beside this one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=8))]
    pub(super) plans: Option<u32>,
}

/// How far people walk.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct WalkOptions {
    /// The longest walk that counts as covered, instead of the profile's
    #[arg(long, value_name = "TIME", value_parser = parse::walk_time)]
    within: Option<WalkTime>,
    /// Count only the centres of one's own community, as for business tied to residence (属地办理);
    /// without it all centres are open to all
    #[arg(long)]
    jurisdiction: bool,
}

/// How many new centres, and what for.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct SiteOptions {
    /// New centres to choose, instead of the profile's number
    #[arg(long, value_name = "N")]
    new: Option<u32>,
    /// cover: most people newly covered; walk: least walking in total; fewest: fewest centres that
    /// cover everybody who can be, or --share; worst: shortest longest walk; backup: most people with
    /// two centres in reach; fair: the community covered worst as well as can be; room: most households
    /// with floor enough in reach, by each centre's area and the rule for 100 households
    #[arg(long, value_name = "cover|walk|fewest|worst|backup|fair|room", value_parser = parse::objective)]
    objective: Option<Objective>,
    /// What decides among choices that are equal by the objective
    #[arg(long, value_name = "OBJECTIVE", value_parser = parse::then)]
    then: Option<Objective>,
    /// What the new centres may cost together, in the candidates' own unit
    #[arg(long, value_name = "COST")]
    budget: Option<u64>,
    /// With --objective fewest: the share of all people to be covered
    #[arg(long, value_name = "SHARE", value_parser = parse::share)]
    share: Option<u32>,
    /// A candidate chosen in any case; may be given again. The price of it is told
    #[arg(long, value_name = "CODE")]
    force: Vec<String>,
    /// A candidate not to be chosen; may be given again
    #[arg(long, value_name = "CODE")]
    forbid: Vec<String>,
    /// Also place services, each with its floor area in m², into --new candidates at most, several into one
    /// where there is room: 养老助餐:150,儿童之家:120. Written to together.csv
    #[arg(long, value_name = "SERVICE:M2,...", value_delimiter = ',', value_parser = parse::service_wish, conflicts_with = "levels")]
    services: Vec<ServiceWish>,
    /// Also site several levels together, at most so many centres of each and --new in all, a higher level
    /// never standing in for a lower one: 4:3,5:4. Written to together.csv
    #[arg(long, value_name = "LEVEL:N,...", value_delimiter = ',', value_parser = parse::level_wish)]
    levels: Vec<LevelWish>,
    /// How many choices to list, the best and the next best
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    site_plans: Option<u32>,
}

impl GridOptions {
    pub(super) fn apply(&self, rules: &mut Rules) {
        if let Some((low, high)) = self.households {
            (rules.grids.households_min, rules.grids.households_max) = (low, high);
        }
        rules.grids.keep = self.keep.unwrap_or(rules.grids.keep);
        rules.grids.effort = self.effort.unwrap_or(rules.grids.effort);
    }
}

impl GridOptions {
    /// Divides again where that was asked for.
    pub(super) fn compare(
        &self,
        place: &Place,
        fabric: &Fabric,
        rules: &Rules,
        plan: &mut Plan,
        run: &Run<'_>,
    ) {
        if self.trade_off {
            plan.trade_off = alternatives::trade_off(place, fabric, rules, run);
        }
        if let (Some(asked), Some(own)) = (self.plans, &plan.partition) {
            plan.choice = Some(alternatives::choice(place, fabric, rules, own, asked, run));
        }
    }
}

impl WalkOptions {
    pub(super) fn apply(&self, rules: &mut Rules) {
        if let Some(within) = self.within {
            rules.walking.within_s = within.millis().div_ceil(1000);
        }
        rules.coverage.jurisdiction |= self.jurisdiction;
    }
}

impl SiteOptions {
    /// Whether anything is asked for.
    pub(super) fn any(&self) -> bool {
        let numbers =
            [self.new.is_some(), self.budget.is_some(), self.share.is_some(), self.site_plans.is_some()];
        let aims = self.objective.is_some() || self.then.is_some();
        aims || numbers.contains(&true) || !self.force.is_empty() || !self.forbid.is_empty()
    }

    pub(super) fn apply(&self, rules: &mut Rules) {
        rules.siting.new = self.new.unwrap_or(rules.siting.new);
        let asked = &mut rules.siting;
        asked.objective = self.objective.unwrap_or(asked.objective);
        asked.then = self.then.or(asked.then);
        asked.budget = self.budget.or(asked.budget);
        asked.share_permille = self.share.or(asked.share_permille);
        asked.force.extend(self.force.iter().cloned());
        asked.forbid.extend(self.forbid.iter().cloned());
        asked.services.extend(self.services.iter().cloned());
        asked.levels.extend(self.levels.iter().copied());
        asked.plans = self.site_plans.unwrap_or(asked.plans);
    }
}
