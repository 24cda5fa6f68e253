//! The question in the form the search works on: groups of rows and pairs of building and service.

use super::Packing;

/// More users than this are not searched, so that sums of scaled prices stay in range.
pub(super) const MOST_USERS: u128 = 1 << 40;

/// One service in one building.
pub(super) struct Pair {
    pub(super) building: u32,
    pub(super) service: u32,
    pub(super) area: u64,
    /// The groups of rows it reaches, ascending.
    pub(super) rows: Vec<u32>,
}

/// Everything that does not change during the search.
pub(super) struct Ground {
    /// Users in each group: rows of one service that the same buildings reach.
    pub(super) users: Vec<u64>,
    /// By building, then service.
    pub(super) pairs: Vec<Pair>,
    /// Cost of each building.
    pub(super) costs: Vec<u64>,
    pub(super) services: usize,
    pub(super) one_each: bool,
    /// The lowest building that is the same in all respects, for each building.
    pub(super) twin: Vec<u32>,
    /// Most users any one building reaches of each service.
    pub(super) largest: Vec<u64>,
}

/// What is known of one building before rows are grouped.
#[derive(PartialEq, Eq)]
struct Building {
    room: u64,
    cost: u64,
    forced: bool,
    /// Whether everything that could go in fits in together.
    whole: bool,
    /// Rows in question of each service; empty where it cannot go in.
    lists: Vec<Vec<u32>>,
}

impl Ground {
    /// The reduced question and the users in it. Rows served or reached by nobody are gone, and so are
    /// buildings that another one replaces whatever else is chosen.
    pub(super) fn of(question: &Packing) -> (Ground, u128) {
        let mut buildings: Vec<Building> =
            (0..question.room.len()).map(|b| Building::of(question, b)).collect();
        let replaced: Vec<bool> = (0..buildings.len())
            .map(|b| (0..buildings.len()).any(|other| replaces(&buildings, other, b)))
            .collect();
        for (building, _) in buildings.iter_mut().zip(&replaced).filter(|(_, replaced)| **replaced) {
            building.lists.iter_mut().for_each(Vec::clear);
        }
        let same = |b: usize| buildings.iter().position(|other| *other == buildings[b]).unwrap_or(b) as u32;
        let mut ground = Ground {
            twin: (0..buildings.len()).map(same).collect(),
            users: Vec::new(),
            pairs: Vec::new(),
            costs: buildings.iter().map(|building| building.cost).collect(),
            services: question.services.len(),
            one_each: question.one_each,
            largest: vec![0; question.services.len()],
        };
        let mut total = 0;
        for service in 0..question.services.len() {
            total += ground.group(question, &buildings, service);
        }
        ground.pairs.sort_by_key(|pair| (pair.building, pair.service));
        (ground, total)
    }

    /// Groups the rows of one service by the buildings that reach them; the users in them.
    fn group(&mut self, question: &Packing, buildings: &[Building], service: usize) -> u128 {
        let asked = &question.services[service];
        let mut reached: Vec<Vec<u32>> = vec![Vec::new(); asked.users.len()];
        for (b, building) in buildings.iter().enumerate() {
            building.lists[service].iter().for_each(|&row| reached[row as usize].push(b as u32));
        }
        let mut order: Vec<usize> = (0..reached.len()).filter(|&row| !reached[row].is_empty()).collect();
        order.sort_by(|&a, &b| reached[a].cmp(&reached[b]));
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); buildings.len()];
        let mut total = 0u128;
        for same in order.chunk_by(|&a, &b| reached[a] == reached[b]) {
            let users: u128 = same.iter().map(|&row| u128::from(asked.users[row])).sum();
            total += users;
            let group = self.users.len() as u32;
            self.users.push(u64::try_from(users).unwrap_or(u64::MAX));
            reached[same[0]].iter().for_each(|&b| rows[b as usize].push(group));
        }
        for (b, rows) in rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let users = rows.iter().fold(0u64, |sum, &row| sum.saturating_add(self.users[row as usize]));
            self.largest[service] = self.largest[service].max(users);
            self.pairs.push(Pair { building: b as u32, service: service as u32, area: asked.area, rows });
        }
        total
    }
}

impl Building {
    fn of(question: &Packing, b: usize) -> Building {
        let room = question.room[b];
        let lists: Vec<Vec<u32>> = question
            .services
            .iter()
            .map(|service| {
                let held = service.area <= room && service.most != Some(0);
                let reach = service.reach.get(b).filter(|_| held).map_or(&[][..], Vec::as_slice);
                let open = |&&row: &&u32| {
                    let row = row as usize;
                    service.users.get(row).is_some_and(|users| *users > 0)
                        && service.served.get(row) != Some(&true)
                };
                let mut rows: Vec<u32> = reach.iter().filter(open).copied().collect();
                rows.sort_unstable();
                rows.dedup();
                rows
            })
            .collect();
        let going = |(_, rows): &(_, &Vec<u32>)| !rows.is_empty();
        let areas = question.services.iter().zip(&lists).filter(going).map(|(service, _)| service.area);
        let fits = areas.clone().map(u128::from).sum::<u128>() <= u128::from(room);
        Building {
            room,
            cost: question.costs.get(b).copied().unwrap_or(0),
            forced: question.forced.contains(&(b as u32)),
            whole: fits && (!question.one_each || areas.count() <= 1),
            lists,
        }
    }
}

/// Whether `other` can take over whatever `b` holds in any choice, even if it is used already: it has room
/// for all at once, reaches the same rows at least, and costs no more. Of equals the lower stays.
fn replaces(buildings: &[Building], other: usize, b: usize) -> bool {
    let (better, worse) = (&buildings[other], &buildings[b]);
    if other == b || worse.forced || !better.whole || (!better.forced && better.cost > worse.cost) {
        return false;
    }
    let mut pairs = better.lists.iter().zip(&worse.lists);
    if pairs.clone().any(|(more, less)| less.len() > more.len())
        || !pairs.all(|(more, less)| within(less, more))
    {
        return false;
    }
    let same = worse.whole
        && (better.forced == worse.forced)
        && better.cost == worse.cost
        && better.lists == worse.lists;
    !same || other < b
}

/// Whether every row of `less` is in `more`; both ascending.
fn within(less: &[u32], more: &[u32]) -> bool {
    let mut more = more.iter();
    less.iter().all(|row| more.find(|other| *other >= row) == Some(row))
}
