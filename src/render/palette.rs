//! Colours of the sheets, in one place so that they can be judged together.
//!
//! The five grid colours differ in lightness as well as in hue, so that they part in a greyscale copy too.
//! The coverage scale runs in one direction only, paler with each step away from a centre, and what lies
//! beyond is both of another hue and hatched: no reading depends on telling red from green.

use super::scene::Colour;

/// Soft grid colours, light to dark: straw, leaf, sky, apricot, lilac.
pub(super) const GRIDS: [Colour; super::colour::COLOURS] =
    [Colour(0xFD_F3C4), Colour(0xDC_EBC3), Colour(0xC3_DDEE), Colour(0xF3_C9A9), Colour(0xC9_B8DA)];

/// Walks in three steps up to the limit, near to far.
pub(super) const WALK: [Colour; 3] = [Colour(0x68_B5A7), Colour(0x9D_D3C8), Colour(0xCB_E8E1)];
/// People gained by chosen sites.
pub(super) const GAINED: Colour = Colour(0xC9_D5F0);
/// Strokes of the pattern over gained areas.
pub(super) const GAINED_DOT: Colour = Colour(0x3F_5FA8);
/// People beyond reach.
pub(super) const BEYOND: Colour = Colour(0xEE_AC82);
/// Strokes of the hatch over them.
pub(super) const BEYOND_HATCH: Colour = Colour(0x8A_3412);
/// Edges of the ground reached in so many minutes.
pub(super) const ISOCHRONE: Colour = Colour(0x0B_5A52);
/// Nobody lives here.
pub(super) const EMPTY: Colour = Colour(0xF3_F2EF);
/// Specks over it, which part it from the palest walk in a grey copy.
pub(super) const EMPTY_SPECK: Colour = Colour(0xB9_B8B2);

/// Text and strong lines.
pub(super) const INK: Colour = Colour(0x22_2428);
/// Secondary text.
pub(super) const QUIET: Colour = Colour(0x5B_6068);
/// Hair lines of the furniture.
pub(super) const HAIR: Colour = Colour(0xB4_B8BE);
/// Paper.
pub(super) const PAPER: Colour = Colour(0xFF_FFFF);
/// Rim of the whole place.
pub(super) const RIM: Colour = Colour(0xD8_CFE2);
/// Community lines.
pub(super) const COMMUNITY: Colour = Colour(0x2F_2A3D);
/// Grid lines.
pub(super) const GRID_LINE: Colour = Colour(0x76_7680);
/// Marks on grids outside their range.
pub(super) const RANGE_MARK: Colour = Colour(0xB0_2A30);
/// Ground that two areas claim.
pub(super) const FLAW_OVERLAP: Colour = Colour(0xC2_003C);
/// Ground of nobody.
pub(super) const FLAW_GAP: Colour = Colour(0x7A_2FB8);
/// Existing centres.
pub(super) const CENTRE: Colour = Colour(0xC4_161C);
/// Chosen sites.
pub(super) const CHOSEN: Colour = Colour(0x1B_3F8B);
/// Sites that take several services or levels.
pub(super) const SHARED: Colour = Colour(0x0B_6E5D);
/// Candidates.
pub(super) const CANDIDATE: Colour = Colour(0x55_5A62);
/// Water areas.
pub(super) const WATER: Colour = Colour(0xB9_DAF0);
/// Rivers.
pub(super) const RIVER: Colour = Colour(0x6F_B1DE);
/// Building footprints, laid over a grid's colour.
pub(super) const BUILDING: Colour = Colour(0x4A_4A52);
