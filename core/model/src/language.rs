//! Languages of services whose code is not read: whoever counts what was looked at must know them.

/// Languages of services that are not read, by the endings of their files.
const LANGUAGES: [(&str, &str); 24] = [
    ("c", "C"),
    ("cc", "C++"),
    ("clj", "Clojure"),
    ("cpp", "C++"),
    ("cs", "C#"),
    ("dart", "Dart"),
    ("erl", "Erlang"),
    ("ex", "Elixir"),
    ("exs", "Elixir"),
    ("fs", "F#"),
    ("go", "Go"),
    ("groovy", "Groovy"),
    ("hs", "Haskell"),
    ("java", "Java"),
    ("kt", "Kotlin"),
    ("kts", "Kotlin"),
    ("lua", "Lua"),
    ("php", "PHP"),
    ("pl", "Perl"),
    ("rb", "Ruby"),
    ("rs", "Rust"),
    ("scala", "Scala"),
    ("swift", "Swift"),
    ("vb", "Visual Basic"),
];

/// The language of a file of code that is not read, by the ending of its name; of those that are not read either where
/// all code is read on request, if that was done.
pub fn unread_language(extension: &str, with_code: bool) -> Option<&'static str> {
    let is_read = with_code && archwright_scan::Language::of_path(&format!("x.{extension}")).is_some();
    LANGUAGES.iter().find(|it| it.0 == extension && !is_read).map(|it| it.1)
}
