//! The plan of several tenants: everything of all in one package, and a calendar and a script for each.
//!
//! Each tenant has a [`Story`] of its own, told by the same words and tables as a plan of one; here they stand together.

mod page;
mod tables;
pub mod terminal;
pub(super) mod words;

use std::collections::BTreeSet;

use super::manifest::{Done, PlanBody, PlanManifest, PlanOptions};
use super::{Former, Story, calendar, commands, draw, figures, file, memory};
use crate::bundle::{Extras, OutputFile};
use crate::figures::NamedFigure;
use crate::frame::Frame;
use brownout_chart::ChartError;
use brownout_planner::tenants::TogetherFindings;
use brownout_reading::plan::state::STATE;
use brownout_store::manifest::{FileHash, InputFile, Nothing};
use brownout_store::write::MANIFEST;

pub use words::{finding, quality};

/// The plans of all tenants, worked out for telling.
#[derive(Clone, Debug)]
pub struct Stories<'a> {
    /// Name of the whole plan.
    pub name: String,
    /// What was found.
    pub findings: &'a TogetherFindings<'a>,
    /// The tenants' plans, those that end first at the front, by name where they end at once.
    pub tenants: Vec<Story<'a>>,
}

impl<'a> Stories<'a> {
    /// The stories of some findings.
    pub fn new(name: &str, findings: &'a TogetherFindings<'a>) -> Self {
        let mut tenants: Vec<Story<'a>> = findings.tenants.iter().map(Story::new).collect();
        // Those with nothing left to do come last.
        tenants.sort_by_key(|story| (story.last().is_none(), story.last(), tenant(story).to_lowercase()));
        Stories { name: name.to_owned(), findings, tenants }
    }

    /// The first of the stories, for what is the same in all.
    pub(super) fn first(&self) -> &Story<'a> {
        // A plan of several tenants has one at least.
        &self.tenants[0]
    }
}

/// Name of a story's tenant.
pub(super) fn tenant<'s>(story: &'s Story<'_>) -> &'s str {
    story.project().tenant.as_deref().unwrap_or_default()
}

/// The names of each tenant's files, without their endings, in the order of the stories: letters and digits of its name, and a number
/// where two would be the same.
pub(super) fn file_names(stories: &Stories<'_>) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let plain = |name: &str| -> String {
        let letters =
            name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
        let text: String = letters.collect();
        let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
        format!("tenant-{}", if parts.is_empty() { "unnamed".to_owned() } else { parts.join("-") })
    };
    let mut name_of = |story: &Story<'_>| {
        let plain = plain(tenant(story));
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let name = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(plain);
        taken.insert(name.clone());
        name
    };
    stories.tenants.iter().map(&mut name_of).collect()
}

/// All files of a plan of several tenants, the manifest last.
///
/// - `extras`: every file read, the plan first, and what else the files say.
///
/// # Errors
/// [`ChartError`] if a chart cannot be drawn, or the watch of the findings' bases stops the work.
pub fn files(
    stories: &Stories<'_>,
    Extras { inputs, warnings, charts, look }: Extras<'_>,
    options: &PlanOptions,
) -> Result<Vec<OutputFile>, ChartError> {
    let watch = &stories.first().findings.basis.watch;
    let names = file_names(stories);
    let mut files: Vec<OutputFile> =
        frames(stories).into_iter().map(|frame| file(&format!("{}.csv", frame.name()), frame.csv())).collect();
    let former = options.former.as_deref().map(Former::read);
    files.push(file("plan.ics", calendar::together(&stories.tenants, &stories.name, former.as_ref())));
    for (story, name) in stories.tenants.iter().zip(&names) {
        let former = former.as_ref().map(|former| former.of_tenant(tenant(story)));
        files.push(file(&format!("{name}.ics"), calendar::calendar(story, former.as_ref())));
        files.push(file(&format!("{name}.ps1"), commands::script(story)));
    }
    files.push(file(STATE, memory::together(&stories.tenants, &stories.name).text().into_bytes()));
    let recorded = inputs.iter().map(|file| InputFile::new(file)).collect();
    let mut manifest = PlanManifest::new(body(stories, options), recorded, Nothing {}, warnings.to_vec());
    let figures = if charts { pictures(stories) } else { Vec::new() };
    files.extend(draw(&manifest, &figures, watch)?);
    watch.check()?;
    let sources = super::page::Sources { inputs, options, warnings, figures: &figures, look, watch };
    files.push(file("report.html", page::page(stories, &sources)?));
    manifest.outputs = files.iter().map(|f| FileHash::of(&f.name, &f.bytes)).collect();
    files.push(file(MANIFEST, manifest.bytes()));
    Ok(files)
}

/// The tables of all tenants, in the order of the files.
pub fn frames(stories: &Stories<'_>) -> Vec<Frame> {
    tables::all(stories)
}

fn pictures(stories: &Stories<'_>) -> Vec<NamedFigure> {
    let lived = words::replications(stories);
    let chart = figures::gantt_together(&stories.tenants, &finding(stories), &words::pauses_briefly(stories), &lived);
    let footer = figures::footer(stories.first(), &stories.name);
    chart.into_iter().map(|chart| NamedFigure::new("gantt", chart.footer(footer.clone()))).collect()
}

fn body(stories: &Stories<'_>, options: &PlanOptions) -> PlanBody {
    let done = |story: &Story<'_>| -> Vec<Done> {
        let rows = story.rows.iter().filter(|row| row.done);
        rows.map(|row| Done { server: format!("{}/{}", tenant(story), row.server.name), at: row.at.to_string() })
            .collect()
    };
    let mut tenants: Vec<String> = stories.tenants.iter().map(|story| tenant(story).to_owned()).collect();
    tenants.sort_unstable();
    PlanBody {
        plan: stories.name.clone(),
        tenants,
        finding: finding(stories),
        done: stories.tenants.iter().flat_map(done).collect(),
        optimal: stories.findings.gap() == 0.0
            && stories.tenants.iter().all(|story| !story.findings.basis.tariffs.joined),
        gap: stories.findings.gap(),
        ..PlanBody::new(stories.first(), options)
    }
}
