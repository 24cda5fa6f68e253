//! Who may walk where: the table of foot access.

/// What a class of `highway` means to a walker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    /// Walked unless something forbids it.
    Open,
    /// Walked only where `foot` or `sidewalk` says so.
    Signed,
}

/// Rules by which ways are kept, plain data to alter at will.
///
/// The order in which they speak, first word last:
///
/// 1. a way without `highway`, or of a class the table does not name, is no street (ferries have
///    `route` and no `highway`; construction, motor racing and proposals are not named);
/// 2. `area=yes` is left out unless [`areas`](Self::areas);
/// 3. `foot` decides alone where it is one of [`foot_yes`](Self::foot_yes) or
///    [`foot_no`](Self::foot_no), whatever `access` says of vehicles;
/// 4. `motorroad=yes` is closed;
/// 5. `access` in [`access_no`](Self::access_no) is closed;
/// 6. a [`Footing::Signed`] class needs `sidewalk` in [`sidewalk_yes`](Self::sidewalk_yes).
///
/// `oneway` speaks of vehicles and is ignored; `oneway:foot` is respected.
///
/// # Source
/// Classes and defaults follow "OSM tags for routing/Access restrictions" of the OpenStreetMap wiki,
/// and what pyrosm, OSRM and R5 keep for walking; where they differ the table takes the wider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Classes of `highway` that may be walked.
    pub highways: Vec<(String, Footing)>,
    /// Values of `foot` that open a way.
    pub foot_yes: Vec<String>,
    /// Values of `foot` that close a way.
    pub foot_no: Vec<String>,
    /// Values of `access` that close a way.
    pub access_no: Vec<String>,
    /// Values of `sidewalk`, `sidewalk:both`, `:left` or `:right` that open a signed way.
    pub sidewalk_yes: Vec<String>,
    /// Whether the outline of an `area=yes` may be walked.
    pub areas: bool,
    /// What a metre of stairs costs, in percent of a level metre. 200: stairs are walked at half the
    /// speed, measured along the slope (Fruin, Pedestrian Planning and Design, 1971: 0.5–0.6 m/s
    /// against 1.3).
    pub steps_percent: u32,
}

impl Default for Profile {
    fn default() -> Self {
        let open = [
            "footway",
            "pedestrian",
            "path",
            "steps",
            "living_street",
            "residential",
            "service",
            "unclassified",
            "track",
            "tertiary",
            "tertiary_link",
            "secondary",
            "secondary_link",
            "primary",
            "primary_link",
            "trunk",
            "trunk_link",
            "road",
            "corridor",
            "elevator",
            "platform",
            "crossing",
        ];
        let signed = ["cycleway", "bridleway", "busway", "bus_guideway", "motorway", "motorway_link"];
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        let class = |footing| move |word: &str| (word.to_owned(), footing);
        Self {
            highways: open
                .into_iter()
                .map(class(Footing::Open))
                .chain(signed.into_iter().map(class(Footing::Signed)))
                .collect(),
            foot_yes: words(&["yes", "designated", "permissive", "official", "destination", "public"]),
            foot_no: words(&["no", "private", "use_sidepath", "restricted", "military"]),
            access_no: words(&["no", "private", "military", "emergency", "restricted", "permit"]),
            sidewalk_yes: words(&["yes", "both", "left", "right"]),
            areas: true,
            steps_percent: 200,
        }
    }
}

/// The tags of a way that matter here, as bytes of the file.
#[derive(Clone, Copy, Default)]
pub(super) struct Tags<'a> {
    highway: &'a [u8],
    foot: &'a [u8],
    access: &'a [u8],
    sidewalk: [&'a [u8]; 4],
    motorroad: &'a [u8],
    area: &'a [u8],
    oneway_foot: &'a [u8],
}

impl<'a> Tags<'a> {
    pub(super) fn note(&mut self, key: &[u8], value: &'a [u8]) {
        let place = match key {
            b"highway" => &mut self.highway,
            b"foot" => &mut self.foot,
            b"access" => &mut self.access,
            b"sidewalk" => &mut self.sidewalk[0],
            b"sidewalk:both" => &mut self.sidewalk[1],
            b"sidewalk:left" => &mut self.sidewalk[2],
            b"sidewalk:right" => &mut self.sidewalk[3],
            b"motorroad" => &mut self.motorroad,
            b"area" => &mut self.area,
            b"oneway:foot" | b"foot:oneway" => &mut self.oneway_foot,
            _ => return,
        };
        *place = value;
    }
}

/// Marks of a way: bits of a byte.
pub mod mark {
    /// Stairs.
    pub const STEPS: u8 = 1;
    /// Walked from its first node to its last only.
    pub const FORWARD_ONLY: u8 = 2;
    /// Walked from its last node to its first only.
    pub const BACKWARD_ONLY: u8 = 4;
}

impl Profile {
    /// The marks of a way that may be walked; none of another.
    pub(super) fn judge(&self, tags: &Tags<'_>) -> Option<u8> {
        let among = |words: &[String], word: &[u8]| words.iter().any(|known| known.as_bytes() == word);
        let (_, footing) = self.highways.iter().find(|(class, _)| class.as_bytes() == tags.highway)?;
        if tags.area == b"yes" && !self.areas || among(&self.foot_no, tags.foot) {
            return None;
        }
        if !among(&self.foot_yes, tags.foot) {
            let closed = tags.motorroad == b"yes" || among(&self.access_no, tags.access);
            let sidewalk = || tags.sidewalk.iter().any(|side| among(&self.sidewalk_yes, side));
            if closed || *footing == Footing::Signed && !sidewalk() {
                return None;
            }
        }
        let steps = if tags.highway == b"steps" { mark::STEPS } else { 0 };
        Some(match tags.oneway_foot {
            b"yes" | b"1" | b"true" => steps | mark::FORWARD_ONLY,
            b"-1" | b"reverse" => steps | mark::BACKWARD_ONLY,
            _ => steps,
        })
    }
}

impl Profile {
    /// The same for a line whose tags are text, as in GeoJSON.
    pub fn marks(&self, tags: &[(String, String)]) -> Option<u8> {
        let mut noted = Tags::default();
        tags.iter().for_each(|(key, value)| noted.note(key.as_bytes(), value.as_bytes()));
        self.judge(&noted)
    }
}
