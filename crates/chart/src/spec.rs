//! What to draw, as data: a figure is its words and one body.

use super::areas::Areas;
use super::bars::Bars;
use super::box_limits::BoxLimits;
use super::distribution::Distribution;
use super::dots::Dots;
use super::front::Front;
use super::gantt::Gantt;
use super::incidence::Incidence;
use super::lines::Lines;
use super::mu_sigma::MuSigma;
use super::overview::Overview;
use super::page::{Area, Page};
use super::parallel::Parallel;
use super::ranking::Ranking;
use super::regret::Regret;
use super::risk::PlanRisk;
use super::scatter::Scatter;
use super::survival::Survival;
use super::theme::Look;
use super::timeline::Timeline;
use super::tornado::Tornado;
use super::tradeoff::Tradeoff;

/// Who a line, bar or panel stands for: its name, and the number that fixes its colour and dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// As printed at the line: "announced ladder".
    pub name: String,
    /// 0 is the first scenario, with which the others are compared (solid and dark); give every scenario the same number in every figure of a study.
    pub index: usize,
    /// Numbers of further roles of which the same is true: where lines coincide, one stands for all.
    pub also: Vec<usize>,
}

impl Role {
    /// A role with its name.
    pub fn new(name: impl Into<String>, index: usize) -> Self {
        Role { name: name.into(), index, also: Vec::new() }
    }

    /// The numbers of all roles of which this is true.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.index).chain(self.also.iter().copied())
    }
}

/// One picture, 1600 pixels wide and 1000 high; a fleet's plan is as high as its rows need.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The finding, computed from the data by the caller.
    pub title: String,
    /// Measure, population and n.
    pub subtitle: String,
    /// Small and grey at the foot: study, seed, replications, version.
    pub footer: String,
    /// What the picture shows, in a sentence, for those who cannot see it. Title and subtitle stand in when empty.
    pub alt: String,
    /// What a reader must know to read it rightly; small print above the footer.
    pub notes: Vec<String>,
    /// The picture itself.
    pub body: Body,
}

impl Figure {
    /// A figure with its title, its subtitle and its body; the rest is empty.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>, body: impl Into<Body>) -> Self {
        Figure {
            title: title.into(),
            subtitle: subtitle.into(),
            footer: String::new(),
            alt: String::new(),
            notes: Vec::new(),
            body: body.into(),
        }
    }

    /// With this footer.
    pub fn footer(mut self, footer: impl Into<String>) -> Self {
        self.footer = footer.into();
        self
    }

    /// With this text for those who cannot see the picture.
    pub fn alt(mut self, alt: impl Into<String>) -> Self {
        self.alt = alt.into();
        self
    }

    /// With one more note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The kinds of figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Values by day.
    Lines(Lines),
    /// Time to event.
    Survival(Survival),
    /// Stacked counts by day, small multiples.
    Areas(Areas),
    /// Paired differences with intervals.
    Dots(Dots),
    /// Two goals against each other.
    Scatter(Scatter),
    /// Grouped bars.
    Bars(Bars),
    /// Complementary cumulative distributions.
    Distribution(Distribution),
    /// Cumulative incidence by cause.
    Incidence(Incidence),
    /// Up to four of the others on one page.
    Overview(Overview),
    /// One server's schedule.
    Timeline(Timeline),
    /// A fleet's plan, a row for each server.
    Gantt(Gantt),
    /// How a plan may end.
    PlanRisk(PlanRisk),
    /// Futures over all unknowns.
    Parallel(Parallel),
    /// What each schedule costs beyond the best.
    Regret(Regret),
    /// What a search found.
    Front(Front),
    /// Coverage against density.
    Tradeoff(Tradeoff),
    /// Where a schedule fails.
    BoxLimits(BoxLimits),
    /// Which schedule, in how many futures.
    Ranking(Ranking),
    /// Effects of factors, Morris.
    MuSigma(MuSigma),
    /// Which unknown decides.
    Tornado(Tornado),
}

macro_rules! body_from {
    ($($kind:ident)*) => { $(
        impl From<$kind> for Body {
            fn from(body: $kind) -> Self {
                Body::$kind(body)
            }
        }
    )* };
}
body_from!(Lines Survival Areas Dots Scatter Bars Distribution Incidence Overview Timeline Gantt PlanRisk);
body_from!(Tornado MuSigma Ranking BoxLimits Tradeoff Front Regret Parallel);

impl Body {
    pub(super) fn paint(&self, page: &mut Page, area: Area, look: &Look) {
        match self {
            Body::Lines(body) => body.paint(page, area, look),
            Body::Survival(body) => body.paint(page, area, look),
            Body::Areas(body) => body.paint(page, area, look),
            Body::Dots(body) => body.paint(page, area, look),
            Body::Scatter(body) => body.paint(page, area, look),
            Body::Bars(body) => body.paint(page, area, look),
            Body::Distribution(body) => body.paint(page, area, look),
            Body::Incidence(body) => body.paint(page, area, look),
            Body::Overview(body) => body.paint(page, area, look),
            Body::Timeline(body) => body.paint(page, area, look),
            Body::Gantt(body) => body.paint(page, area, look),
            Body::PlanRisk(body) => body.paint(page, area, look),
            Body::Parallel(body) => body.paint(page, area, look),
            Body::Regret(body) => body.paint(page, area, look),
            Body::Front(body) => body.paint(page, area, look),
            Body::Tradeoff(body) => body.paint(page, area, look),
            Body::BoxLimits(body) => body.paint(page, area, look),
            Body::Ranking(body) => body.paint(page, area, look),
            Body::MuSigma(body) => body.paint(page, area, look),
            Body::Tornado(body) => body.paint(page, area, look),
        }
    }

    /// The height that this body wants if it is so wide, in pixels; `None` for those that fill any page.
    pub(super) fn height(&self, width: f64) -> Option<f64> {
        match self {
            Body::Gantt(body) => Some(body.height(width, &Look::PAGE)),
            Body::BoxLimits(body) => Some(body.height(&Look::PAGE).min(760.0)),
            _ => None,
        }
    }

    /// The roles whose names a shared key has to give, because this body leaves them out when it is a panel.
    pub(super) fn roles(&self) -> Vec<&Role> {
        match self {
            Body::Lines(body) => body.series.iter().map(|series| &series.role).collect(),
            Body::Survival(body) => body.curves.iter().map(|curve| &curve.role).collect(),
            Body::Distribution(body) => body.curves.iter().map(|curve| &curve.role).collect(),
            Body::Bars(body) => body.bars.iter().map(|bar| &bar.role).collect(),
            Body::Dots(body) => body.rows.iter().collect(),
            Body::Scatter(body) => body.points.iter().map(|point| &point.role).collect(),
            _ => Vec::new(),
        }
    }
}
