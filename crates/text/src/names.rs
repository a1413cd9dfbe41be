//! Names that were misspelt, and names as a list.

/// The nearest of some names, as help text; empty if none is near.
///
/// Names of more than 100 bytes are near to none: the comparison takes time with the product of their lengths.
pub fn nearest(found: &str, names: &[impl AsRef<str>]) -> String {
    let comparable = |name: &str| name.len() <= 100;
    if !comparable(found) {
        return String::new();
    }
    let names = names.iter().filter(|name| comparable(name.as_ref())).take(1000);
    let scored = names.map(|name| (strsim::jaro_winkler(found, name.as_ref()), name.as_ref()));
    match scored.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((score, name)) if score > 0.75 => format!("did you mean \"{name}\"?"),
        _ => String::new(),
    }
}

/// Names as a list for people: `a`, `b` or `c`.
pub fn one_of(names: &[impl AsRef<str>]) -> String {
    let named = names.iter().take(20).map(|name| format!("\"{}\"", crate::outside::shortened(name.as_ref(), 60)));
    let mut quoted: Vec<String> = named.collect();
    if names.len() > quoted.len() {
        quoted.push(format!("{} more", names.len() - quoted.len()));
    }
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}
