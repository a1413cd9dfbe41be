//! The files of this folder as texts: what the program knows by name, byte for byte what stands here.
//!
//! The folder is a crate of its own so that no other crate reaches into it. What a name means and how a file is read is said by
//! the reading crate, `shipped` and `named`.

/// The reference of the formats of studies.
pub const FORMAT: &str = include_str!("README.md");
/// The reference of plans and fleets.
pub const PLAN_FORMAT: &str = include_str!("plans/README.md");
/// Every assumed number with its range and source.
pub const DEFAULT_PARAMETERS: &str = include_str!("data/default-parameters.csv");

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!($path))),*]
    };
}

/// Path below this folder and text of each file, rising by path.
pub const FILES: [(&str, &str); 27] = files![
    "analytic-twin.ron",
    "exchange-2023.ron",
    "exchange-2026.ron",
    "explore/exchange-2026.ron",
    "explore/pauses.ron",
    "explore/quickstart.ron",
    "plans/city.csv",
    "plans/city.ron",
    "plans/hospital.csv",
    "plans/hospital.ron",
    "plans/provider-linden.txt",
    "plans/provider.csv",
    "plans/provider.ron",
    "plans/school-district.csv",
    "plans/school-district.ron",
    "policies/all-at-once.ron",
    "policies/microsoft-2023-throttle-kept.ron",
    "policies/microsoft-2023.ron",
    "policies/microsoft.ron",
    "policies/no-enforcement.ron",
    "policies/rollout-2023.ron",
    "policies/rollout-2026.ron",
    "quickstart.ron",
    "school-district.ron",
    "worlds/exchange-2023.ron",
    "worlds/exchange-2026.ron",
    "worlds/school-district.ron",
];

/// The text of a file by its path below this folder; `None` if there is none.
pub fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|file| file.0 == path).map(|file| file.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_folder_is_left_out() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut there: Vec<String> = Vec::new();
        for below in ["", "worlds", "policies", "plans", "explore"] {
            for entry in std::fs::read_dir(folder.join(below)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if [".ron", ".csv", ".txt"].iter().any(|ending| name.ends_with(ending)) {
                    there.push(if below.is_empty() { name } else { format!("{below}/{name}") });
                }
            }
        }
        there.sort();
        assert_eq!(FILES.map(|file| file.0).as_slice(), there);
    }

    #[test]
    fn a_file_is_found_by_its_path() {
        assert!(text("worlds/exchange-2026.ron").is_some_and(|text| text.contains("groups")));
        assert_eq!(text("exchange-2026"), None);
    }
}
