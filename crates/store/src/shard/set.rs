//! Shards together: do they make one whole?

use super::header::Division;
use crate::manifest::Header;
use brownout_experiment::part::shards;

/// Why files do not make a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum SetError {
    #[error(
        "{file} was written by brownout {found}, this is {own}; merge with the version that wrote it, or run it again"
    )]
    OtherVersion { file: String, found: String, own: String },
    #[error("{file} and {other} are not of one run: {what}; merge only shards of one study, seed and version")]
    Differs { file: String, other: String, what: String },
    #[error(
        "{file} is one of {count} shards and {other} one of {other_count}; merge only shards of one division of the work"
    )]
    OtherCount { file: String, count: u32, other: String, other_count: u32 },
    #[error("shard {shard} is there twice, as {file} and as {other}; leave one out")]
    Doubled { shard: String, file: String, other: String },
    #[error(
        "{words} of {count} {are} missing; run {them}, or say --partial to take the replications that are complete"
    )]
    Missing { words: String, count: u32, are: &'static str, them: &'static str },
}

impl SetError {
    /// The error where there is no `--partial`: an exploration needs every point.
    pub fn whole(&self) -> String {
        let text = self.to_string();
        text.split(", or say --partial").next().unwrap_or(&text).to_owned()
    }
}

/// Checks that files belong together and puts them in the order of their shards.
///
/// - `files`: names and headers, at least one.
/// - Returns the indexes of the files in order, and the shards that are missing.
///
/// # Errors
/// [`SetError`] names the first files that do not fit.
pub fn arrange<B: Division>(files: &[(String, Header<B>)]) -> Result<(Vec<usize>, Vec<u32>), SetError> {
    let own = env!("CARGO_PKG_VERSION");
    let mut order: Vec<usize> = (0..files.len()).collect();
    let shard = |index: usize| files[index].1.shard();
    order.sort_by_key(|&index| shard(index).index());
    let (first, head) = &files[order[0]];
    for (file, header) in files {
        let other = first.clone();
        if header.version != own {
            let (file, found) = (file.clone(), header.version.clone());
            return Err(SetError::OtherVersion { file, found, own: own.to_owned() });
        }
        if let Some(what) = header.difference(head) {
            return Err(SetError::Differs { file: file.clone(), other, what });
        }
        let (count, other_count) = (header.shard().count(), head.shard().count());
        if count != other_count {
            return Err(SetError::OtherCount { file: file.clone(), count, other, other_count });
        }
    }
    for pair in order.windows(2) {
        let [(file, a), (other, b)] = [&files[pair[0]], &files[pair[1]]];
        if a.shard() == b.shard() {
            let (shard, file, other) = (a.shard().to_string(), file.clone(), other.clone());
            return Err(SetError::Doubled { shard, file, other });
        }
    }
    let present: Vec<u32> = order.iter().map(|&index| shard(index).index()).collect();
    let missing = (1..=head.shard().count()).filter(|shard| present.binary_search(shard).is_err()).collect();
    Ok((order, missing))
}

/// Refuses a set with missing shards.
///
/// # Errors
/// [`SetError::Missing`] names them.
pub fn refuse_missing(missing: &[u32], count: u32) -> Result<(), SetError> {
    match missing {
        [] => Ok(()),
        [_] => Err(SetError::Missing { words: shards(missing), count, are: "is", them: "it" }),
        _ => Err(SetError::Missing { words: shards(missing), count, are: "are", them: "them" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::InputFile;
    use crate::manifest::inputs_of;
    use crate::shard::{ShardBody, ShardHeader};

    fn header(shard: u32, shards: u32) -> ShardHeader {
        let study = "a".to_owned();
        let body = ShardBody { study, seed: 1, replications: 3, shard, shards, width: 10, goal: None };
        Header::new(body, inputs_of(&["a.ron"]))
    }

    fn refusal(change: impl Fn(&mut ShardHeader)) -> String {
        let mut other = header(2, 2);
        change(&mut other);
        arrange(&[("one".to_owned(), header(1, 2)), ("two".to_owned(), other)]).unwrap_err().to_string()
    }

    #[test]
    fn shares_in_any_order_are_arranged_and_gaps_found() {
        let files = [4, 1, 6].map(|shard| (format!("file {shard}"), header(shard, 7)));
        let (order, missing) = arrange(&files).unwrap();
        assert_eq!((order, missing.as_slice()), (vec![1, 0, 2], [2, 3, 5, 7].as_slice()));
        let error = refuse_missing(&missing, 7).unwrap_err().to_string();
        assert!(error.starts_with("shards 2, 3, 5, 7 of 7 are missing; run them, or say --partial"), "{error}");
        assert_eq!(shards(&[1, 2, 3, 9]), "shards 1 to 3, 9");
    }

    #[test]
    fn what_does_not_belong_together_is_named() {
        assert!(refusal(|h| h.body.seed = 2).contains("seed is 2 here and 1 there"));
        assert!(refusal(|h| h.body.replications = 4).contains("replications"));
        assert!(refusal(|h| h.body.study = "b".to_owned()).contains("study is b here and a there"));
        assert!(refusal(|h| h.body.shards = 3).contains("one of 3 shards and"));
        assert!(refusal(|h| h.body.shard = 1).contains("shard 1/2 is there twice, as one and as two"));
        assert!(refusal(|h| h.version = "9.9.9".to_owned()).contains("brownout 9.9.9"));
        let text = "another".to_owned();
        let refused = refusal(|h| h.inputs[0].blake3 = InputFile::hash_of(&text));
        assert!(refused.contains("one and two") || refused.contains("two and one"), "{refused}");
        assert!(refused.contains("content of a.ron differs"), "{refused}");
    }

    #[test]
    fn where_a_file_lay_does_not_matter() {
        let mut other = header(2, 2);
        other.inputs[0].file = "elsewhere/a.ron".to_owned();
        assert!(arrange(&[("one".to_owned(), header(1, 2)), ("two".to_owned(), other)]).is_ok());
    }
}
