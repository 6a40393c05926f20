//! What a base form may be joined with: clitics, and the classes of forms that take them.

/// What may stand before a base: at most a conjunction or question letter, then a preposition or future letter, then the article.
#[derive(Clone, Copy, Debug)]
pub struct Proclitic {
    /// The letters as written.
    pub text: &'static str,
    /// `w`/`f` conjunction, `q` question, `b`/`k`/`l` preposition, `L` (ل with the article), `m` (من, عن before ما, من), `s` future, `a` article; in order.
    pub kinds: &'static str,
}

/// The proclitic strings. The position is the number stored in tables; 0 is none.
pub static PROCLITICS: [Proclitic; 36] = [
    Proclitic {
        text: "",
        kinds: "",
    },
    Proclitic {
        text: "و",
        kinds: "w",
    },
    Proclitic {
        text: "ف",
        kinds: "f",
    },
    Proclitic {
        text: "ال",
        kinds: "a",
    },
    Proclitic {
        text: "ب",
        kinds: "b",
    },
    Proclitic {
        text: "ك",
        kinds: "k",
    },
    Proclitic {
        text: "ل",
        kinds: "l",
    },
    Proclitic {
        text: "بال",
        kinds: "ba",
    },
    Proclitic {
        text: "كال",
        kinds: "ka",
    },
    Proclitic {
        text: "لل",
        kinds: "lA",
    },
    Proclitic {
        text: "س",
        kinds: "s",
    },
    Proclitic {
        text: "أ",
        kinds: "q",
    },
    Proclitic {
        text: "وال",
        kinds: "wa",
    },
    Proclitic {
        text: "وب",
        kinds: "wb",
    },
    Proclitic {
        text: "وك",
        kinds: "wk",
    },
    Proclitic {
        text: "ول",
        kinds: "wl",
    },
    Proclitic {
        text: "وبال",
        kinds: "wba",
    },
    Proclitic {
        text: "وكال",
        kinds: "wka",
    },
    Proclitic {
        text: "ولل",
        kinds: "wlA",
    },
    Proclitic {
        text: "وس",
        kinds: "ws",
    },
    Proclitic {
        text: "فال",
        kinds: "fa",
    },
    Proclitic {
        text: "فب",
        kinds: "fb",
    },
    Proclitic {
        text: "فك",
        kinds: "fk",
    },
    Proclitic {
        text: "فل",
        kinds: "fl",
    },
    Proclitic {
        text: "فبال",
        kinds: "fba",
    },
    Proclitic {
        text: "فكال",
        kinds: "fka",
    },
    Proclitic {
        text: "فلل",
        kinds: "flA",
    },
    Proclitic {
        text: "فس",
        kinds: "fs",
    },
    Proclitic {
        text: "أو",
        kinds: "qw",
    },
    Proclitic {
        text: "أف",
        kinds: "qf",
    },
    Proclitic {
        text: "م",
        kinds: "m",
    },
    Proclitic {
        text: "ع",
        kinds: "m",
    },
    Proclitic {
        text: "وم",
        kinds: "wm",
    },
    Proclitic {
        text: "وع",
        kinds: "wm",
    },
    Proclitic {
        text: "أب",
        kinds: "qb",
    },
    Proclitic {
        text: "أل",
        kinds: "ql",
    },
];

/// The pronouns that may follow a base. The position is the number stored in tables; 0 is none.
pub static ENCLITICS: [&str; 13] = [
    "", "ه", "ها", "هم", "هما", "هن", "نا", "ي", "ني", "ك", "كم", "كما", "كن",
];
/// Position of ي in [`ENCLITICS`].
pub const ENC_YA: usize = 7;
/// Position of ني in [`ENCLITICS`].
pub const ENC_NI: usize = 8;

/// May follow the article.
pub const ART: u16 = 1;
/// May follow a preposition.
pub const PREP: u16 = 2;
/// May carry a pronoun.
pub const ENC: u16 = 4;
/// Stands before a pronoun only.
pub const NEED_ENC: u16 = 8;
/// Takes ي for the first person.
pub const YA: u16 = 16;
/// Takes ني for the first person.
pub const NI: u16 = 32;
/// May follow the future letter.
pub const FUT: u16 = 64;
/// May follow ل with a verb.
pub const LAM: u16 = 128;
/// May follow the question letter.
pub const ASK: u16 = 256;
/// Fuses with من and عن.
pub const MIN: u16 = 512;
/// Seldom stands without the article.
pub const WANT_ART: u16 = 1024;
/// Not after ك: كأن is a word of its own.
pub const NO_KAF: u16 = 2048;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $n:literal, $attr:expr;)*) => {
        /// Class of a base form: its inflection, and with it what it may be joined with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Class { $($(#[$doc])* $name = $n,)* }
        impl Class {
            /// The class of a stored number.
            pub const fn from_u8(n: u8) -> Class { match n { $($n => Class::$name,)* _ => Class::Bare } }
            /// What the class may be joined with.
            #[inline]
            pub const fn attributes(self) -> u16 { match self { $(Class::$name => $attr,)* } }
        }
        /// All classes in order of their numbers.
        pub static ALL_CLASSES: &[Class] = &[$(Class::$name,)*];
    };
}

classes! {
    /// Singular that takes pronouns as it stands.
    Bare = 0, ART | PREP | ENC | YA;
    /// Singular that does not (ends in ة or ى), or changes before them.
    Closed = 1, ART | PREP;
    /// The form before pronouns (ت for ة, ا for ى, another seat of a hamza).
    BeforePronoun = 2, PREP | ENC | NEED_ENC | YA;
    /// Indefinite accusative with final alef.
    Accusative = 3, 0;
    /// Dual in ان.
    DualNominative = 4, ART;
    /// Dual in ين.
    DualOblique = 5, ART | PREP;
    /// Construct dual in ا.
    DualConstruct = 6, ENC;
    /// Construct dual in ي.
    DualObliqueConstruct = 7, PREP | ENC;
    /// Sound plural in ون.
    PluralNominative = 8, ART;
    /// Sound plural in ين.
    PluralOblique = 9, ART | PREP;
    /// Construct plural in و.
    PluralConstruct = 10, ENC;
    /// Construct plural in ي.
    PluralObliqueConstruct = 11, PREP | ENC;
    /// Sound plural in ات.
    PluralFeminine = 12, ART | PREP | ENC | YA;
    /// Feminine in ة.
    Feminine = 13, ART | PREP;
    /// Feminine in ت before a pronoun.
    FeminineBeforePronoun = 14, PREP | ENC | NEED_ENC | YA;
    /// Broken plural that takes pronouns as it stands.
    Broken = 15, ART | PREP | ENC | YA;
    /// Broken plural that does not.
    BrokenClosed = 16, ART | PREP;
    /// Broken plural before pronouns.
    BrokenBeforePronoun = 17, PREP | ENC | NEED_ENC | YA;
    /// Broken plural, indefinite accusative.
    BrokenAccusative = 18, 0;
    /// A name that takes no article.
    Name = 19, PREP;
    /// A name that always has the article, without it.
    NameWithArticle = 20, ART | PREP | WANT_ART;
    /// Feminine dual, nominative.
    FeminineDual = 21, ART;
    /// Feminine dual, oblique.
    FeminineDualOblique = 22, ART | PREP;
    /// Feminine dual, construct.
    FeminineDualConstruct = 23, PREP | ENC;
    /// Feminine broken form of adjectives (كبرى, حمراء).
    FeminineBare = 24, ART | PREP;
    /// Particle that takes nothing but a conjunction.
    Particle = 25, ASK;
    /// Particle or pronoun that takes prepositions.
    ParticlePrep = 26, PREP | ASK;
    /// Particle that takes pronouns.
    ParticleEnc = 27, ENC | YA | PREP | ASK | NO_KAF;
    /// Particle that takes pronouns, ني among them.
    ParticleNi = 28, ENC | YA | NI | PREP | ASK | NO_KAF;
    /// The form of a particle before pronouns.
    ParticleBeforePronoun = 29, ENC | NEED_ENC | YA | NI | ASK | PREP;
    /// ما and من, which fuse with من and عن.
    ParticleMin = 30, PREP | MIN | ASK;
    /// Perfect that takes pronouns.
    Perfect = 31, ENC | NI | ASK;
    /// Perfect that does not (قالوا).
    PerfectClosed = 32, ASK;
    /// Perfect before pronouns (قالو).
    PerfectBeforePronoun = 33, ENC | NEED_ENC | NI | ASK;
    /// Perfect passive.
    PerfectPassive = 34, ASK;
    /// Imperfect that takes pronouns.
    Imperfect = 35, FUT | LAM | ENC | NI | ASK;
    /// Imperfect indicative in ون, ين, ان.
    ImperfectLong = 36, FUT | ENC | NI | ASK;
    /// Subjunctive and jussive in وا, ا, ي.
    ImperfectClosed = 37, LAM | ASK;
    /// The same before pronouns.
    ImperfectBeforePronoun = 38, LAM | FUT | ENC | NEED_ENC | NI | ASK;
    /// Jussive that is shorter than the indicative.
    Jussive = 39, LAM | ENC | NI | ASK;
    /// Imperative.
    Imperative = 40, ENC | NI;
    /// Imperfect passive.
    ImperfectPassive = 41, FUT | LAM | ASK;
    /// A base nothing is known of but that raw text shows it with several neighbours.
    Seen = 42, ART | PREP;
    /// Takes the article and prepositions but no pronoun (nisba adjectives, numbers).
    Adjective = 43, ART | PREP | ENC | YA;
    /// Perfect, third person feminine.
    PerfectFeminine = 44, ENC | NI | ASK;
    /// Perfect, first and second person.
    PerfectSpeaker = 45, ENC | NI | ASK;
    /// Imperfect, first person.
    ImperfectSpeaker = 46, FUT | LAM | ENC | NI | ASK;
    /// Imperfect, third person feminine or second.
    ImperfectFeminine = 47, FUT | LAM | ENC | NI | ASK;
    /// Adverbial accusative listed whole (جدا, أيضا).
    Adverb = 48, 0;
    /// A one-letter preposition before pronouns.
    LetterBeforePronoun = 49, ENC | NEED_ENC | YA | ASK;
}

/// May the proclitic, the class and the enclitic stand together?
#[inline]
pub fn compatible(pro: u16, attributes: u16, enc: usize) -> bool {
    let enc_ok = if enc == 0 {
        attributes & NEED_ENC == 0
    } else {
        attributes & ENC != 0
            && match enc {
                ENC_YA => attributes & YA != 0,
                ENC_NI => attributes & NI != 0,
                _ => true,
            }
    };
    if !enc_ok {
        return false;
    }
    if pro & P_ART != 0 {
        return attributes & ART != 0
            && (enc == 0)
            && (pro & P_PREP == 0 || attributes & PREP != 0);
    }
    if pro & P_PREP != 0 && attributes & PREP == 0 && !(pro & P_LAM != 0 && attributes & LAM != 0) {
        return false;
    }
    if pro & P_FUT != 0 && attributes & FUT == 0 {
        return false;
    }
    if pro & P_ASK != 0 && attributes & ASK == 0 {
        return false;
    }
    if pro & P_MIN != 0 && attributes & MIN == 0 {
        return false;
    }
    !(pro & P_KAF != 0 && attributes & NO_KAF != 0)
}

/// Proclitic holds the article.
pub const P_ART: u16 = 1;
/// Proclitic holds a preposition.
pub const P_PREP: u16 = 2;
/// The preposition is ل.
pub const P_LAM: u16 = 4;
/// Proclitic holds the future letter.
pub const P_FUT: u16 = 8;
/// Proclitic holds the question letter.
pub const P_ASK: u16 = 16;
/// Proclitic is a fused من or عن.
pub const P_MIN: u16 = 32;
/// Proclitic holds a conjunction.
pub const P_CONJ: u16 = 64;
/// The preposition is ك.
pub const P_KAF: u16 = 128;

/// The flags of a proclitic.
pub const fn proclitic_flags(kinds: &str) -> u16 {
    let b = kinds.as_bytes();
    let (mut f, mut i) = (0, 0);
    while i < b.len() {
        f |= match b[i] {
            b'a' | b'A' => P_ART,
            b'b' => P_PREP,
            b'k' => P_PREP | P_KAF,
            b'l' => P_PREP | P_LAM,
            b's' => P_FUT,
            b'q' => P_ASK,
            b'm' => P_MIN,
            _ => P_CONJ,
        };
        i += 1;
    }
    f
}

/// Kinds of dictionary words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Tag {
    /// Common noun, verbal nouns and participles used as nouns among them.
    Noun,
    /// Adjective.
    Adjective,
    /// Verb.
    Verb,
    /// Adverb.
    Adverb,
    /// Number word.
    Number,
    /// Particle: preposition, conjunction, negation and the like.
    Particle,
    /// Pronoun, demonstrative, relative.
    Pronoun,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Country, city, region.
    Place,
    /// Organization.
    Organization,
    /// Adjective of nationality or place.
    Nisba,
    /// Month or day name.
    Month,
    /// Abbreviation.
    Abbreviation,
    /// Not known.
    Unknown,
}

impl Tag {
    /// The tag as the lexicon files write it.
    pub const fn from_lexicon(s: &str) -> Option<Tag> {
        Some(match s.as_bytes() {
            b"NOUN" => Tag::Noun,
            b"ADJ" => Tag::Adjective,
            b"VERB" => Tag::Verb,
            b"ADV" => Tag::Adverb,
            b"NUM" => Tag::Number,
            b"PART" => Tag::Particle,
            b"PRON" => Tag::Pronoun,
            b"GIVEN" => Tag::GivenName,
            b"FAMILY" => Tag::FamilyName,
            b"PLACE" => Tag::Place,
            b"ORG" => Tag::Organization,
            b"NISBA" => Tag::Nisba,
            b"MONTH" => Tag::Month,
            b"ABBR" => Tag::Abbreviation,
            b"UNKNOWN" => Tag::Unknown,
            _ => return None,
        })
    }
    /// The tag of a stored number.
    pub const fn from_u8(n: u8) -> Tag {
        match n {
            0 => Tag::Noun,
            1 => Tag::Adjective,
            2 => Tag::Verb,
            3 => Tag::Adverb,
            4 => Tag::Number,
            5 => Tag::Particle,
            6 => Tag::Pronoun,
            7 => Tag::GivenName,
            8 => Tag::FamilyName,
            9 => Tag::Place,
            10 => Tag::Organization,
            11 => Tag::Nisba,
            12 => Tag::Month,
            13 => Tag::Abbreviation,
            _ => Tag::Unknown,
        }
    }
}
