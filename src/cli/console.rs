//! What a user sees: data on stdout, talk on stderr, progress only on a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::Common;
use crate::model::lang::Lang;
use crate::model::problem::{At, Problem, Severity};
use crate::run::{Progress, Run, Seed, Stage};

/// Problems of one severity printed before the rest is only counted.
const LISTED: usize = 8;

/// Errors of one sort in one column: so many are printed in full where there are more than twice as
/// many; of the others only the rows.
const IN_FULL: usize = 10;

/// Where a command speaks.
pub(super) struct Console {
    pub(super) lang: Lang,
    /// Language of ledgers and maps.
    pub(super) paper: Lang,
    pub(super) json: bool,
    pub(super) seed: Seed,
    pub(super) threads: usize,
    quiet: bool,
    colour: bool,
    watch: Watch,
}

impl Console {
    pub(super) fn new(common: &Common) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Self {
            lang: common.lang.unwrap_or(Lang::En),
            paper: common.lang.unwrap_or(Lang::Zh),
            json: common.json,
            seed: Seed(common.seed),
            threads: common
                .threads
                .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
            quiet: common.quiet,
            colour: terminal && !plain,
            watch: Watch { bars: terminal && !common.quiet, state: Mutex::default() },
        }
    }

    /// Picks the text of the console's language.
    pub(super) fn say<'a>(&self, en: &'a str, zh: &'a str) -> &'a str {
        if self.lang == Lang::En { en } else { zh }
    }

    pub(super) fn run(&self) -> Run<'_> {
        Run { seed: self.seed, progress: &self.watch }
    }

    /// Seconds spent in each stage so far.
    pub(super) fn stages(&self) -> Vec<(&'static str, f64)> {
        self.watch.state.lock().map(|state| state.done.clone()).unwrap_or_default()
    }

    /// Data, on stdout.
    pub(super) fn data(&self, text: &str) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Talk, on stderr; a closed stderr is nobody's loss.
    fn talk(&self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.talk(text);
        }
    }

    pub(super) fn error(&self, error: &anyhow::Error) {
        let word = self.paint("1;31", Severity::Error.word(self.lang));
        let mut text = error.to_string();
        for cause in error.chain().skip(1) {
            let cause = cause.to_string();
            if !text.contains(&cause) {
                text = format!("{text}: {cause}");
            }
        }
        self.talk(&format!("{word}: {text}"));
    }

    /// Lists problems, the first few of each sort of warning in full; errors all, but of many of one
    /// sort in one column most by their rows alone.
    pub(super) fn problems(&self, problems: &[Problem], all: bool) {
        let mut listed = std::collections::BTreeMap::new();
        let mut crowds = std::collections::BTreeMap::<_, (Vec<&Problem>, usize)>::new();
        for problem in problems.iter().filter(|p| p.kind.severity() == Severity::Error && !all) {
            crowds.entry((&problem.file, problem.kind.id(), &problem.column)).or_default().0.push(problem);
        }
        crowds.retain(|_, (crowd, _)| crowd.len() > 2 * IN_FULL);
        for problem in problems {
            let severity = problem.kind.severity();
            let crowd = crowds.get_mut(&(&problem.file, problem.kind.id(), &problem.column));
            if let Some((crowd, printed)) = crowd.filter(|_| severity == Severity::Error) {
                *printed += 1;
                if *printed > IN_FULL {
                    if *printed == crowd.len() {
                        self.crowd(&crowd[IN_FULL..]);
                    }
                    continue;
                }
            }
            let seen = listed.entry((severity, problem.kind.id())).or_insert(0usize);
            *seen += 1;
            let short = severity != Severity::Error && !all;
            if (short && (*seen > LISTED || severity == Severity::Note))
                || (self.quiet && severity != Severity::Error)
            {
                continue;
            }
            let colour = match severity {
                Severity::Error => "1;31",
                Severity::Warning => "33",
                Severity::Repaired => "36",
                Severity::Note => "2",
            };
            let word = self.paint(colour, severity.word(self.lang));
            self.talk(&format!("{word}: {}", problem.line(self.lang)));
            let remedy = problem.kind.remedy(self.lang);
            if !remedy.is_empty() && (*seen == 1 || severity == Severity::Error) {
                self.talk(&format!("  {}: {remedy}", self.say("hint", "提示")));
            }
        }
        if all || self.quiet {
            return;
        }
        for ((severity, id), seen) in listed {
            if severity != Severity::Error && severity != Severity::Note && seen > LISTED {
                let more = seen - LISTED;
                let word = severity.word(self.lang);
                self.talk(&match self.lang {
                    Lang::En => format!("{word}: {more} more of this sort ({id}); `wangge check` lists all"),
                    Lang::Zh => format!("{word}: 另有 {more} 条同类（{id}），`wangge check` 可全部列出"),
                });
            }
        }
    }
}

impl Console {
    /// Problems of one sort in one column, by their rows alone.
    fn crowd(&self, rest: &[&Problem]) {
        let word = self.paint("1;31", Severity::Error.word(self.lang));
        let [first, ..] = rest else { return };
        let places = rows(&rest.iter().map(|problem| problem.at).collect::<Vec<_>>());
        let column = first.column.as_ref().map_or_else(String::new, |column| match self.lang {
            Lang::En => format!(", `{column}`"),
            Lang::Zh => format!("，“{column}”"),
        });
        let (file, id, more) = (&first.file, first.kind.id(), rest.len());
        let unit = match (first.at, self.lang) {
            (At::Feature(_), Lang::En) => "features",
            (_, Lang::En) => "rows",
            (At::Feature(_), Lang::Zh) => "个要素",
            (_, Lang::Zh) => "行",
        };
        let at = match self.lang {
            _ if places.is_empty() => String::new(),
            Lang::En => format!(", {unit} {places}"),
            Lang::Zh => format!("，第 {places} {unit}"),
        };
        self.talk(&match self.lang {
            Lang::En => {
                format!(
                    "{word}: {file}{column}: {more} more of this sort ({id}){at}; `wangge check` lists all"
                )
            }
            Lang::Zh => {
                format!("{word}: {file}{column}：另有 {more} 条同类（{id}）{at}，`wangge check` 可全部列出")
            }
        });
    }
}

/// Ascending places in words, consecutive ones as ranges.
fn rows(places: &[At]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for place in places {
        let (At::Row(n) | At::Feature(n) | At::Line(n, _)) = *place else { continue };
        match ranges.last_mut() {
            Some((_, last)) if n <= *last + 1 => *last = n.max(*last),
            _ => ranges.push((n, n)),
        }
    }
    let word = |&(a, b): &(u64, u64)| if a == b { a.to_string() } else { format!("{a}–{b}") };
    ranges.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Measures stages, and shows them where there is somebody to see.
struct Watch {
    bars: bool,
    state: Mutex<WatchState>,
}

#[derive(Default)]
struct WatchState {
    current: Option<(Stage, Instant, Option<ProgressBar>)>,
    done: Vec<(&'static str, f64)>,
}

impl Progress for Watch {
    #[expect(clippy::disallowed_methods, reason = "stage times go to run.json, never into a result")]
    fn begin(&self, stage: Stage, steps: u64) {
        let bar = self.bars.then(|| {
            let style = ProgressStyle::with_template("{msg:>10} {bar:30} {pos}/{len}");
            let bar = ProgressBar::new(steps).with_message(stage.name());
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        if let Ok(mut state) = self.state.lock() {
            state.current = Some((stage, Instant::now(), bar));
        }
    }

    fn advance(&self, steps: u64) {
        if !self.bars {
            return;
        }
        if let Ok(state) = self.state.lock()
            && let Some((_, _, Some(bar))) = &state.current
        {
            bar.inc(steps);
        }
    }

    fn end(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some((stage, start, bar)) = state.current.take()
        {
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
            state.done.push((stage.name(), start.elapsed().as_secs_f64()));
        }
    }
}
