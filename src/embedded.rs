//! The tables that the build script made of the shipped lexicons.

#[cfg(any(feature = "embedded", feature = "tagger"))]
macro_rules! table {
    ($bytes:ident, $text:ident, $name:literal) => {
        pub(crate) static $bytes: &[u8] =
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".bin"));
        pub(crate) static $text: &str = include_str!(concat!(env!("OUT_DIR"), "/", $name, ".txt"));
    };
}

#[cfg(feature = "embedded")]
table!(MORPHOLOGY, MORPHOLOGY_TEXT, "morphology");
// Topics, page markers, words of measure; without the feature `embedded` there are no topics in it.
#[cfg(feature = "tagger")]
table!(LEXICONS, LEXICONS_TEXT, "lexicons");
