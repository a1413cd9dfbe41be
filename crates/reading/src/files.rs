//! Opening files that somebody else may have put there: each may be a pipe, a device, a directory or 100 GB.
//!
//! One rule for every reader: only ordinary files are read, opening never waits, and no more than a stated number of bytes
//! enters memory. What is refused is named for what it is.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the one place that opens files of people")]

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum ReadError {
    #[error("it is {what}, not an ordinary file")]
    NotAFile { what: &'static str },
    #[error("it is larger than {}", size(*most))]
    TooLarge { most: u64 },
    #[error("{}", reason(.0))]
    Failed(std::io::Error),
}

impl ReadError {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, ReadError::Failed(error) if error.kind() == ErrorKind::NotFound)
    }
}

/// An I/O error in a few plain words.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::NotADirectory => "part of the path is not a directory".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// A number of bytes in words: `16 MiB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes >> 20),
    }
}

/// What something is that is no ordinary file, for a sentence.
pub fn kind(found: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if found.is_fifo() {
            return "a pipe";
        }
        if found.is_socket() {
            return "a socket";
        }
        if found.is_char_device() || found.is_block_device() {
            return "a device";
        }
    }
    if found.is_dir() {
        "a directory"
    } else if found.is_symlink() {
        "a link"
    } else {
        "something else"
    }
}

/// Options that never wait for the other end of a pipe.
fn without_waiting() -> OpenOptions {
    #[allow(unused_mut)] // elsewhere opening does not wait
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits() as i32);
    }
    options
}

/// Standard input to its end.
///
/// # Errors
/// [`ReadError`] if it is larger than `most` bytes or cannot be read.
pub fn standard_input(most: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes).map_err(ReadError::Failed)?;
    if bytes.len() as u64 > most { Err(ReadError::TooLarge { most }) } else { Ok(bytes) }
}

/// Makes a file that nothing is in the place of, not even a link.
///
/// # Errors
/// What keeps it from being made.
pub fn create_new(path: &Path) -> std::io::Result<File> {
    without_following().read(true).write(true).create_new(true).open(path)
}

/// Opens a file of one's own for reading and writing: no link, and under no other name elsewhere.
///
/// # Errors
/// What keeps it from being opened; [`std::io::ErrorKind::InvalidInput`] if it is something else.
pub fn open_own(path: &Path) -> std::io::Result<File> {
    let strange =
        |what: &str| std::io::Error::new(ErrorKind::InvalidInput, format!("it is {what}, not a file of a run"));
    if let Ok(found) = path.symlink_metadata()
        && !found.is_file()
    {
        return Err(strange(kind(found.file_type())));
    }
    let file = without_following().read(true).write(true).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(strange(kind(found.file_type())));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&found) > 1 {
        return Err(strange("another name of a file elsewhere"));
    }
    Ok(file)
}

/// Options that follow no link and never wait.
fn without_following() -> OpenOptions {
    #[allow(unused_mut)] // where links cannot be told from files there is nothing to set
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32);
    }
    options
}

/// Opens an ordinary file for reading, and says how many bytes it has. Links are followed.
///
/// # Errors
/// [`ReadError`] if it is no ordinary file or cannot be opened.
pub fn open(path: &Path) -> Result<(File, u64), ReadError> {
    let file = without_waiting().read(true).open(path).map_err(|error| {
        // A socket cannot be opened at all; what it is says more than why.
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => ReadError::NotAFile { what: kind(found.file_type()) },
            _ => ReadError::Failed(error),
        }
    })?;
    // Asked of what was opened: the path may lead elsewhere by now.
    let found = file.metadata().map_err(ReadError::Failed)?;
    if !found.is_file() {
        return Err(ReadError::NotAFile { what: kind(found.file_type()) });
    }
    Ok((file, found.len()))
}

/// The content of an ordinary file of at most `most` bytes. A larger one is refused before any of it is read.
///
/// # Errors
/// [`ReadError`] if it is no ordinary file, larger, or cannot be read.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
    let (bytes, whole) = read_beginning(path, most)?;
    if whole { Ok(bytes) } else { Err(ReadError::TooLarge { most }) }
}

/// As [`read()`], but of a larger file the first `most` bytes; also says whether that was all.
///
/// # Errors
/// [`ReadError`] if it is no ordinary file or cannot be read.
pub fn read_beginning(path: &Path, most: u64) -> Result<(Vec<u8>, bool), ReadError> {
    let (file, length) = open(path)?;
    let mut bytes = Vec::with_capacity(length.min(most) as usize);
    // A file may grow while it is read, and some have no length at all.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(ReadError::Failed)?;
    let whole = bytes.len() as u64 <= most;
    bytes.truncate(most as usize);
    Ok((bytes, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_files_of_a_stated_size_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(read(&path, 4).unwrap_err().to_string(), "it is larger than 4 bytes");
        assert_eq!(read_beginning(&path, 4).unwrap(), (b"1234".to_vec(), false));
        assert_eq!(read(directory.path(), 5).unwrap_err().to_string(), "it is a directory, not an ordinary file");
        assert!(read(&directory.path().join("none"), 5).unwrap_err().is_missing());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_waits_for_a_pipe_and_nothing_reads_a_device() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let socket = directory.path().join("socket");
        let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, what) in [(pipe.as_path(), "a pipe"), (Path::new("/dev/zero"), "a device"), (&socket, "a socket")] {
            let error = read(path, 1 << 20).unwrap_err().to_string();
            assert_eq!(error, format!("it is {what}, not an ordinary file"));
        }
    }
}
