//! Names of two characters from two lists, none used twice.
//!
//! They sound like names of places and mean none; people are not named at all.

use super::chance::Dice;

const FIRST: [&str; 40] = [
    "青", "柳", "石", "桂", "云", "金", "双", "新", "望", "临", "永", "和", "福", "春", "松", "竹", "梅",
    "杨", "槐", "枫", "桐", "荷", "莲", "丰", "泰", "康", "平", "兴", "瑞", "祥", "景", "秀", "明", "荣",
    "华", "文", "银", "玉", "苇", "禾",
];
const SECOND: [&str; 30] = [
    "河", "桥", "湾", "堤", "渡", "塘", "坊", "园", "林", "峰", "泉", "井", "门", "溪", "里", "岗", "台",
    "亭", "楼", "岸", "洲", "浦", "屏", "原", "坪", "畔", "屿", "垛", "汀", "圃",
];

/// A shuffled store of names. When all pairs are used up, a third character tells the next ones apart.
pub(super) struct Names {
    pairs: Vec<(usize, usize)>,
    next: usize,
}

impl Names {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let mut pairs: Vec<(usize, usize)> =
            (0..FIRST.len()).flat_map(|first| (0..SECOND.len()).map(move |second| (first, second))).collect();
        dice.shuffle(&mut pairs);
        Self { pairs, next: 0 }
    }

    /// A name not given before.
    pub(super) fn next(&mut self) -> String {
        let round = self.next / self.pairs.len();
        let (first, second) = self.pairs[self.next % self.pairs.len()];
        self.next += 1;
        let mut name = format!("{}{}", FIRST[first], SECOND[second]);
        if round > 0 {
            // The rounds count on through the first list: 青河, 青河青, ..., 青河青柳.
            let mut rest = round;
            while rest > 0 {
                name.push_str(FIRST[(rest - 1) % FIRST.len()]);
                rest = (rest - 1) / FIRST.len();
            }
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Seed;

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::new(&mut Dice::new(Seed(1), 0));
        let mut given: Vec<String> = (0..60_000).map(|_| names.next()).collect();
        given.sort_unstable();
        let before = given.len();
        given.dedup();
        assert_eq!(given.len(), before);
    }
}
