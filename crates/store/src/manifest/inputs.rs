//! The files that a work was made from, whole, and the hashes of those that came out.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use brownout_reading::text::SourceFile;

/// An input file, whole, so that a work can be repeated from its record alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path from the folder of the first file, which is recorded by its name alone.
    pub file: String,
    /// BLAKE3, in hexadecimal.
    pub blake3: String,
    /// Content.
    pub text: String,
}

impl InputFile {
    /// A file that was read.
    pub fn new(file: &SourceFile) -> Self {
        InputFile { file: file.path.clone(), blake3: Self::hash_of(&file.text), text: file.text.clone() }
    }

    /// The hash of a file with this text.
    pub fn hash_of(text: &str) -> String {
        hash(text.as_bytes())
    }

    /// The file, as studies are made of.
    pub fn source(&self) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: self.file.clone(), text: self.text.clone() })
    }
}

/// A file and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Name in the output directory.
    pub file: String,
    /// BLAKE3, in hexadecimal.
    pub blake3: String,
}

impl FileHash {
    /// Of a file with this content.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        FileHash { file: name.to_owned(), blake3: hash(bytes) }
    }
}

/// The hash of a file's content.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The first input that does not have the hash it is recorded with, in words.
pub fn spoilt_input(inputs: &[InputFile]) -> Option<String> {
    let spoilt = inputs.iter().find(|input| InputFile::hash_of(&input.text) != input.blake3)?;
    Some(format!("the recorded input {} does not have its recorded hash", spoilt.file))
}

/// The first input in which two works differ, in words; `None` if all are the same. Where a file lay does not matter.
pub fn differing_input(here: &[InputFile], there: &[InputFile]) -> Option<String> {
    let differing = here.iter().zip(there).find(|(a, b)| a.blake3 != b.blake3);
    match differing {
        Some((a, b)) if a.file == b.file => Some(format!("the content of {} differs", a.file)),
        Some((a, b)) => Some(format!("{} here and {} there differ in content", a.file, b.file)),
        None if here.len() == there.len() => None,
        None => Some(format!("there are {} input files here and {} there", here.len(), there.len())),
    }
}

/// Inputs of these names, all with the same text.
#[cfg(test)]
pub(crate) fn inputs_of(names: &[&str]) -> Vec<InputFile> {
    let input = |name: &&str| SourceFile { path: (*name).to_owned(), text: "a text".to_owned() };
    names.iter().map(|name| InputFile::new(&input(name))).collect()
}
