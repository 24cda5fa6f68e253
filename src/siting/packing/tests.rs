//! Against every choice tried, on many small questions.

use super::{Packed, Packing, Service, pack};

/// Numbers that look random, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

fn small(chance: &mut Chance) -> Packing {
    let (buildings, services) = (1 + chance.below(5) as usize, 1 + chance.below(3) as usize);
    any(chance, buildings, services, 12)
}

fn any(chance: &mut Chance, buildings: usize, services: usize, rows: u64) -> Packing {
    let dense = 2 + chance.below(3);
    let service = |chance: &mut Chance| {
        let rows = chance.below(rows) as usize;
        Service {
            area: chance.below(6),
            most: chance.one_in(3).then(|| chance.below(4) as usize),
            users: (0..rows).map(|_| chance.below(9)).collect(),
            served: (0..rows).map(|_| chance.one_in(6)).collect(),
            reach: (0..buildings)
                .map(|_| (0..rows as u32).filter(|_| chance.one_in(dense)).collect())
                .collect(),
        }
    };
    let mut question = Packing {
        room: (0..buildings).map(|_| chance.below(12)).collect(),
        costs: (0..buildings).map(|_| chance.below(8)).collect(),
        new: chance.below(5) as usize,
        budget: chance.one_in(2).then(|| chance.below(20)),
        one_each: chance.one_in(3),
        forced: (0..buildings as u32).filter(|_| chance.one_in(6)).collect(),
        services: (0..services).map(|_| service(chance)).collect(),
    };
    // Now and then a building is as another.
    for b in 1..buildings {
        if chance.one_in(4) {
            let other = chance.below(b as u64) as usize;
            question.room[b] = question.room[other];
            question.costs[b] = question.costs[other];
            for service in &mut question.services {
                service.reach[b] = service.reach[other].clone();
            }
        }
    }
    question
}

/// Users newly reached, each row looked up in each building.
fn reached(question: &Packing, chosen: &[(u32, Vec<u32>)]) -> u64 {
    let mut sum = 0;
    for (s, service) in question.services.iter().enumerate() {
        for (row, users) in service.users.iter().enumerate() {
            let there = |(b, held): &(u32, Vec<u32>)| {
                held.contains(&(s as u32)) && service.reach[*b as usize].contains(&(row as u32))
            };
            sum += if !service.served[row] && chosen.iter().any(there) { *users } else { 0 };
        }
    }
    sum
}

/// Whether a choice keeps to every limit.
fn allowed(question: &Packing, chosen: &[(u32, Vec<u32>)]) -> bool {
    let forced = |b: &u32| question.forced.contains(b);
    let cost = |b: u32| question.costs[b as usize];
    let added: Vec<u32> = chosen.iter().map(|(b, _)| *b).filter(|b| !forced(b)).collect();
    let fixed: u64 = question.forced.iter().map(|&b| cost(b)).sum();
    let new = question.new.saturating_sub(question.forced.len());
    let spent: u64 = added.iter().map(|&b| cost(b)).sum();
    let most = |s: usize| chosen.iter().filter(|(_, held)| held.contains(&(s as u32))).count();
    added.len() <= new
        && question.budget.is_none_or(|budget| spent <= budget.saturating_sub(fixed))
        && question.forced.iter().all(|b| chosen.iter().any(|(used, _)| used == b))
        && question.services.iter().enumerate().all(|(s, service)| service.most.is_none_or(|n| most(s) <= n))
        && chosen.iter().all(|(b, held)| {
            let area: u64 = held.iter().map(|&s| question.services[s as usize].area).sum();
            area <= question.room[*b as usize]
                && (held.len() <= 1 || !question.one_each)
                && (!held.is_empty() || forced(b))
                && held.windows(2).all(|two| two[0] < two[1])
        })
        && chosen.windows(2).all(|two| two[0].0 < two[1].0)
}

/// The most users of all choices there are, each building given each set of services in turn.
fn truth(question: &Packing) -> u64 {
    let forced = |b: usize| question.forced.contains(&(b as u32));
    let left = question.new.saturating_sub(question.forced.len());
    let fixed: u64 = question.forced.iter().map(|&b| question.costs[b as usize]).sum();
    let mut choices =
        vec![(vec![0u64; question.services.len()], vec![0; question.services.len()], left, fixed)];
    for (b, room) in question.room.iter().enumerate() {
        let mut more = choices.clone();
        for mask in 1u32..1 << question.services.len() {
            let held: Vec<usize> = (0..question.services.len()).filter(|s| mask >> s & 1 == 1).collect();
            let area: u64 = held.iter().map(|&s| question.services[s].area).sum();
            if area > *room || (question.one_each && held.len() > 1) {
                continue;
            }
            for (rows, places, new, spent) in &choices {
                let spent = if forced(b) { *spent } else { spent + question.costs[b] };
                let dear = !forced(b) && question.budget.is_some_and(|budget| spent > budget.max(fixed));
                if dear || (!forced(b) && *new == 0) {
                    continue;
                }
                let (mut rows, mut places) = (rows.clone(), places.clone());
                for &s in &held {
                    rows[s] |= question.services[s].reach[b].iter().map(|row| 1u64 << row).sum::<u64>();
                    places[s] += 1;
                }
                if held.iter().all(|&s| question.services[s].most.is_none_or(|most| places[s] <= most)) {
                    more.push((rows, places, new - usize::from(!forced(b)), spent));
                }
            }
        }
        more.sort();
        more.dedup();
        choices = more;
    }
    let users = |s: &Service, rows: u64| -> u64 {
        let there = |row: &usize| rows >> row & 1 == 1 && !s.served[*row];
        (0..s.users.len()).filter(there).map(|row| s.users[row]).sum()
    };
    let value = |rows: &[u64]| question.services.iter().zip(rows).map(|(s, rows)| users(s, *rows)).sum();
    choices.iter().map(|(rows, ..)| value(rows)).max().unwrap_or(0)
}

#[test]
fn as_good_as_every_choice_tried() {
    let mut chance = Chance(11);
    let (mut positive, mut tight) = (0, 0);
    for case in 0..700 {
        let question = small(&mut chance);
        let most = truth(&question);
        let packed = pack(&question, u64::MAX);
        assert!(packed.complete && packed.bound == packed.value, "case {case}");
        assert_eq!(packed.value, most, "case {case}: {question:?}");
        assert!(allowed(&question, &packed.chosen), "case {case}: {packed:?}");
        assert_eq!(reached(&question, &packed.chosen), packed.value, "case {case}");
        positive += u32::from(most > 0);
        for work in [0, 30, 300, 1000] {
            let less = pack(&question, work);
            assert!(
                less.value <= most && most <= less.bound,
                "case {case} with {work}: {less:?}, not {most}"
            );
            assert!(allowed(&question, &less.chosen), "case {case} with {work}: {less:?}");
            assert_eq!(reached(&question, &less.chosen), less.value, "case {case} with {work}");
            assert_eq!(less.complete, less.bound == less.value, "case {case} with {work}");
            tight += u32::from(less.complete && work == 0);
        }
    }
    // The cases are worth something: most can reach somebody, and some need a search.
    assert!(positive > 400 && tight < 690, "{positive} {tight}");
}

/// Reach at random and users all alike leave a gap at the first node.
#[test]
fn as_good_where_it_takes_a_search() {
    let mut chance = Chance(3);
    let mut searched = 0;
    for case in 0..400 {
        let mut question = any(&mut chance, 10, 2, 60);
        question.new = 4;
        if !chance.one_in(3) {
            question.budget = None;
            question.forced.clear();
        }
        for service in &mut question.services {
            service.users.fill(1);
            service.area = 5;
            service.most = service.most.map(|most| most + 2);
        }
        let most = truth(&question);
        let packed = pack(&question, u64::MAX);
        assert_eq!(
            (packed.value, packed.bound, packed.complete),
            (most, most, true),
            "case {case}: {question:?}"
        );
        assert!(allowed(&question, &packed.chosen), "case {case}: {packed:?}");
        let less = pack(&question, 10_000);
        assert!(less.value <= most && most <= less.bound, "case {case}: {less:?}, not {most}");
        searched += u32::from(!less.complete);
    }
    assert!(searched > 20, "{searched}");
}

/// Three buildings, each three times, that hold two of three services.
#[test]
fn as_good_among_twins() {
    let mut chance = Chance(17);
    for case in 0..60 {
        let mut question = any(&mut chance, 9, 3, 40);
        question.new = 4;
        question.budget = None;
        question.one_each = false;
        question.forced = (0..3).filter(|_| chance.one_in(4)).map(|b| b * 3).collect();
        question.forced.extend(question.forced.clone().iter().map(|b| b + 1));
        for b in 0..9 {
            question.room[b] = 2;
            question.costs[b] = 1;
            for service in &mut question.services {
                service.area = 1;
                service.reach[b] = service.reach[b / 3 * 3].clone();
            }
        }
        // Each service at home in one building, so that a later twin has another filling.
        for (b, service) in question.services.iter_mut().enumerate() {
            service.users.fill(1);
            let rows = service.users.len() as u32;
            (0..3)
                .for_each(|twin| service.reach[b * 3 + twin] = (0..rows).filter(|row| row % 4 > 0).collect());
        }
        let most = truth(&question);
        let packed = pack(&question, u64::MAX);
        assert_eq!((packed.value, packed.bound), (most, most), "case {case}: {question:?}");
        assert!(allowed(&question, &packed.chosen), "case {case}: {packed:?}");
    }
}

/// A question with more buildings and rows in a plane; buildings reach rows near them.
fn plane(chance: &mut Chance, buildings: usize, services: usize, rows: usize, radius: u64) -> Packing {
    let place = |chance: &mut Chance| (chance.below(1000) as i64, chance.below(1000) as i64);
    let sites: Vec<_> = (0..buildings).map(|_| place(chance)).collect();
    let ground: Vec<_> = (0..rows).map(|_| place(chance)).collect();
    let service = |chance: &mut Chance| {
        let near = |site: &(i64, i64)| {
            let within = |row: &u32| {
                let (x, y) = ground[*row as usize];
                (x - site.0).pow(2) + (y - site.1).pow(2) <= (radius * radius) as i64
            };
            (0..rows as u32).filter(within).collect()
        };
        Service {
            area: 50 + 50 * chance.below(8),
            most: None,
            users: (0..rows).map(|_| chance.below(30)).collect(),
            served: (0..rows).map(|_| chance.one_in(5)).collect(),
            reach: sites.iter().map(near).collect(),
        }
    };
    Packing {
        services: (0..services).map(|_| service(chance)).collect(),
        room: (0..buildings).map(|_| 100 + 50 * chance.below(15)).collect(),
        costs: (0..buildings).map(|_| 20 + chance.below(100)).collect(),
        new: 5,
        ..Packing::default()
    }
}

#[test]
fn copies_do_not_disturb() {
    let mut chance = Chance(5);
    for _ in 0..40 {
        let question = small(&mut chance);
        let packed = pack(&question, u64::MAX);
        assert_eq!(packed, pack(&question, u64::MAX));
        // Rows in another order.
        let mut turned = question.clone();
        for service in &mut turned.services {
            let last = service.users.len() as u32;
            service.users.reverse();
            service.served.reverse();
            for rows in &mut service.reach {
                rows.iter_mut().for_each(|row| *row = last - 1 - *row);
                rows.reverse();
            }
        }
        assert_eq!(packed, pack(&turned, u64::MAX));
        // Each row split into two.
        let mut split = question.clone();
        for service in &mut split.services {
            let rows = service.users.len() as u32;
            let halves: Vec<u64> = service.users.iter().map(|users| users / 2).collect();
            service.users.iter_mut().zip(&halves).for_each(|(users, half)| *users -= half);
            service.users.extend(halves);
            service.served.extend_from_within(..);
            for reach in &mut service.reach {
                reach.extend(reach.clone().into_iter().map(|row| row + rows));
            }
        }
        assert_eq!(packed, pack(&split, u64::MAX));
    }
}

#[test]
fn of_twins_the_lower_is_taken() {
    let mut chance = Chance(23);
    for _ in 0..20 {
        let mut question = plane(&mut chance, 6, 2, 60, 250);
        question.new = 2;
        let packed = pack(&question, u64::MAX);
        // The same buildings once more behind them, so that only the lower six are ever needed first.
        question.room.extend_from_within(..);
        question.costs.extend_from_within(..);
        for service in &mut question.services {
            service.reach.extend_from_within(..);
        }
        let twice = pack(&question, u64::MAX);
        assert!(twice.complete && twice.value >= packed.value);
        let used = |b: u32| twice.chosen.iter().any(|(used, _)| *used == b);
        assert!((6..12).all(|b| !used(b) || used(b - 6)), "{twice:?}");
    }
}

#[test]
fn levels_share_candidates_one_each() {
    // Both levels want building 1; a child row only it reaches decides.
    let level = |reach: [&[u32]; 3], most| Service {
        users: vec![10, 10, 10],
        most: Some(most),
        reach: reach.map(<[u32]>::to_vec).to_vec(),
        ..Service::default()
    };
    let question = Packing {
        room: vec![0; 3],
        new: 3,
        one_each: true,
        services: vec![level([&[0], &[0, 1, 2], &[1]], 1), level([&[0, 1], &[0, 1, 2], &[2]], 2)],
        ..Packing::default()
    };
    let packed = pack(&question, u64::MAX);
    assert_eq!(packed.chosen, [(0, vec![1]), (1, vec![0]), (2, vec![1])]);
    assert_eq!((packed.value, packed.bound, packed.complete), (60, 60, true));
}

#[test]
fn odd_questions_have_answers() {
    let nothing = Packed { chosen: Vec::new(), value: 0, bound: 0, complete: true };
    assert_eq!(pack(&Packing::default(), 0), nothing);
    let service = Service { users: vec![5, 7], reach: vec![vec![1, 0, 1, 9]], ..Service::default() };
    let ask = |question: Packing| pack(&Packing { services: vec![service.clone()], ..question }, u64::MAX);
    // No building, none allowed, none large enough, none affordable.
    assert_eq!(ask(Packing { new: 3, forced: vec![4], ..Packing::default() }), nothing);
    assert_eq!(ask(Packing { room: vec![3], ..Packing::default() }), nothing);
    let dear = Packing { room: vec![3], new: 1, costs: vec![2], budget: Some(1), ..Packing::default() };
    assert_eq!(ask(dear.clone()), nothing);
    let wide = Service { area: 4, ..service.clone() };
    let narrow = Packing { room: vec![3, 2], new: 9, services: vec![wide], ..Packing::default() };
    assert_eq!(pack(&narrow, u64::MAX), nothing);
    // Forced in all the same, and with nothing to hold.
    let forced = ask(Packing { forced: vec![0, 0], ..dear.clone() });
    assert_eq!((forced.chosen, forced.value, forced.bound), (vec![(0, vec![0])], 12, 12));
    let idle = pack(&Packing { forced: vec![0], services: Vec::new(), ..dear }, 0);
    assert_eq!((idle.chosen, idle.value, idle.complete), (vec![(0, Vec::new())], 0, true));
    // The ends of the range.
    let end = Service { area: u64::MAX, users: vec![u64::MAX; 2], reach: vec![vec![0, 1]; 2], ..service };
    let mut question = Packing {
        room: vec![u64::MAX; 2],
        new: usize::MAX,
        costs: vec![u64::MAX; 2],
        budget: Some(u64::MAX),
        services: vec![end.clone(), end],
        ..Packing::default()
    };
    let packed = pack(&question, u64::MAX);
    assert_eq!((packed.value, packed.bound, packed.complete), (0, u64::MAX, false));
    question.services.iter_mut().for_each(|service| service.users = vec![1 << 37; 2]);
    let packed = pack(&question, u64::MAX);
    assert_eq!((packed.value, packed.bound, packed.complete), (1 << 38, 1 << 38, true));
}
