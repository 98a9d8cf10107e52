//! What was read and found, as bytes that may be kept from one run to the next.
//!
//! They mean something to the [`VERSION`] that made them only. What depended on the time it took has none.

use serde::de::DeserializeOwned;

use super::{
    Discovery,
    files::{Content, FileFacts},
};
use crate::Skipped;

/// What the bytes depend on besides the text: this crate, the data of languages and libraries, and the grammars.
pub const VERSION: &str = env!("ARCHWRIGHT_SCAN_VERSION");

impl FileFacts {
    /// What was read, without the path; `None` if the next time it may be read otherwise.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let is_sure = !matches!(self.content, Content::Skipped(Skipped::Slow));
        is_sure.then(|| postcard::to_allocvec(&self.content).ok()).flatten()
    }

    /// What was read of a file; `None` if the bytes are anything else.
    pub fn from_bytes(path: &str, bytes: &[u8]) -> Option<Self> {
        Some(Self { path: path.into(), content: whole(bytes)? })
    }
}

impl Discovery {
    /// What was found; `None` if the next time something else may be.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let is_sure = !self.skipped.iter().any(|it| it.1 == Skipped::Slow);
        is_sure.then(|| postcard::to_allocvec(self).ok()).flatten()
    }

    /// What was found; `None` if the bytes are anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        whole(bytes)
    }
}

/// A value that takes all of the bytes.
fn whole<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (value, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        discover::{discover, read},
        facts::libraries,
    };

    /// A file for the example of a library.
    fn file(language: &str) -> &'static str {
        match language {
            "javascript" => "src/example.ts",
            "python" => "src/example.py",
            "java" => "src/Example.java",
            "go" => "src/example.go",
            "csharp" => "src/Example.cs",
            "ruby" => "src/example.rb",
            "php" => "src/example.php",
            _ => "src/example.rs",
        }
    }

    #[test]
    fn what_is_kept_of_every_example_is_what_was_read_and_found() {
        for (language, library) in libraries() {
            for example in &library.examples {
                let path = file(language);
                let fresh = [read(path, &example.code).unwrap()];
                let bytes = fresh[0].to_bytes().unwrap();
                let kept = [FileFacts::from_bytes(path, &bytes).unwrap()];
                assert_eq!(format!("{:?}", kept[0]), format!("{:?}", fresh[0]), "{}", library.name);
                let (found, again) = (discover(&fresh), discover(&kept));
                assert_eq!(found, again, "{}", library.name);
                assert_eq!(Discovery::from_bytes(&found.to_bytes().unwrap()), Some(found), "{}", library.name);
            }
        }
    }

    #[test]
    fn manifests_and_settings_are_kept() {
        for (path, text) in [
            ("package.json", r#"{ "dependencies": { "kafkajs": "2" } }"#),
            ("application.yml", "topic: orders\n"),
            ("a.properties", "topic=orders\n"),
        ] {
            let fresh = read(path, text).unwrap();
            let kept = FileFacts::from_bytes(path, &fresh.to_bytes().unwrap()).unwrap();
            assert_eq!(format!("{kept:?}"), format!("{fresh:?}"));
        }
    }

    #[test]
    fn code_of_any_depth_is_kept() {
        let text = format!("f({}1{});", "g(".repeat(400), ")".repeat(400));
        let fresh = read("deep.ts", &text).unwrap();
        let kept = FileFacts::from_bytes("deep.ts", &fresh.to_bytes().unwrap()).unwrap();
        assert_eq!(format!("{kept:?}"), format!("{fresh:?}"));
    }

    #[test]
    fn what_took_too_long_is_not_kept() {
        let slow = FileFacts { path: "a.ts".into(), content: Content::Skipped(Skipped::Slow) };
        assert_eq!(slow.to_bytes(), None);
        let found = discover(&[slow]);
        assert_eq!(found.to_bytes(), None);
        let long = FileFacts { path: "a.ts".into(), content: Content::Skipped(Skipped::Deep) };
        assert!(long.to_bytes().is_some());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken_or_left(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = FileFacts::from_bytes("a.ts", &bytes);
            let _ = Discovery::from_bytes(&bytes);
        }

        #[test]
        fn a_cut_is_no_value(at in 0_usize..10_000) {
            let fresh = read("a.ts", "import { Kafka } from 'kafkajs';\nawait producer.send({ topic: 'a' });").unwrap();
            let bytes = fresh.to_bytes().unwrap();
            let cut = bytes.get(..at % bytes.len()).unwrap();
            proptest::prop_assert!(FileFacts::from_bytes("a.ts", cut).is_none());
        }
    }
}
