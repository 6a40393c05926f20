//! Known names and cue words as one hash table over prefixes of names, made by the build script and read in place.
//!
//! A name is a chain of words; every prefix of it has a slot. A slot holds 32 bits of the prefix's hash (its place in the
//! table says as many again), what the name is, and the entry behind it. No letters are compared: two of a hundred
//! thousand names and a million words of text meet in 47 bits about once in a thousand million look-ups.

/// A country.
pub const COUNTRY: u32 = 1;
/// A governorate, province, state, district.
pub const REGION: u32 = 1 << 1;
/// A city or town of our own list.
pub const CITY: u32 = 1 << 2;
/// A sea, river, mountain, island, continent, part of the world.
pub const NATURE: u32 = 1 << 3;
/// Any other named place: street, camp, crossing, airport, port, prison.
pub const SITE: u32 = 1 << 4;
/// A place known from the big place-name file only.
pub const MINOR: u32 = 1 << 5;
/// A given name.
pub const GIVEN: u32 = 1 << 6;
/// A family name.
pub const FAMILY: u32 = 1 << 7;
/// A title, rank, office or profession that stands before a name.
pub const TITLE: u32 = 1 << 8;
/// What follows a name (an office in apposition, an honorific).
pub const AFTER: u32 = 1 << 9;
/// An adjective of a place or people.
pub const NISBA: u32 = 1 << 10;
/// A whole name of a body.
pub const BODY: u32 = 1 << 11;
/// A noun that opens the name of a body: وزارة, لجنة.
pub const BODY_HEAD: u32 = 1 << 12;
/// A noun before the name of a place: مدينة, إقليم.
pub const PLACE_HEAD: u32 = 1 << 13;
/// A verb that persons do in news: قال, أكد.
pub const SAYING: u32 = 1 << 14;
/// A part of names: بن, أبو, عبد, آل.
pub const KIN: u32 = 1 << 15;
/// An acronym or short name of a body.
pub const SHORT: u32 = 1 << 16;
/// A noun that belongs to the name of the place it opens: مطار, ميناء, جبل.
pub const SITE_HEAD: u32 = 1 << 17;
/// A group name that is no entity.
pub const GROUP: u32 = 1 << 18;
/// A name that is also an everyday word.
pub const COMMON: u32 = 1 << 19;
/// A role that takes a complement: رئيس, وزير, مدير.
pub const ROLE_HEAD: u32 = 1 << 20;
/// A whole name of a person.
pub const FULL: u32 = 1 << 21;
/// A relative: والد, شقيق.
pub const RELATION: u32 = 1 << 22;
/// A letter that is a title before a full stop: د.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const INITIAL: u32 = 1 << 23;
/// A word at which the name of a body ends: التي, أمس, بالتعاون.
pub const STOP: u32 = 1 << 24;
/// Beside [`BODY_HEAD`]: a force, generic without an adjective or place: جيش, شرطة.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const FORCE: u32 = 1 << 25;
/// Beside [`BODY_HEAD`]: a proper name follows: حزب, حركة, شركة, نادي.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const PROPER: u32 = 1 << 26;
/// Beside [`BODY_HEAD`]: the head stays outside: صحيفة, قناة.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const OUTSIDE: u32 = 1 << 27;
/// A verb whose subject is a person or body more often than not.
pub const ACTING: u32 = 1 << 28;
/// A noun before places: شوارع, سقوط.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const PLACE_WORD: u32 = 1 << 29;
/// A word beside persons: وفاة, المدعو, عاما.
#[allow(dead_code)] // set by the build script, read by the features of training
pub const PERSON_WORD: u32 = 1 << 30;
/// Another word may follow.
pub const INNER: u32 = 1 << 31;

/// All places.
pub const PLACE: u32 = COUNTRY | REGION | CITY | NATURE | SITE | MINOR;

/// First bytes of the table.
pub const MAGIC: &[u8; 8] = b"RASDGAZ4";
/// Bytes of the head: magic, slots, entries, marked words.
pub const HEAD: usize = 20;
/// Bytes of a slot: 32 bits of hash, mask, entry, what may follow.
pub const SLOT: usize = 16;
/// Bytes of an entry: place of the id in the text, its length, the bits of [`entry`], the letters of its country, latitude and
/// longitude in ten-thousandths of a degree.
pub const ENTRY: usize = 16;

/// Bits of the sixth byte of an entry.
pub mod entry {
    /// The next entry has the same name.
    pub const MORE: u8 = 1;
    /// It is a body.
    pub const BODY: u8 = 1 << 1;
    /// It is of the big place-name file.
    pub const BIG: u8 = 1 << 2;
    /// No other entry of that name is of such a thing.
    pub const ONLY: u8 = 1 << 3;
    /// From this bit on stands the length of the code behind the id.
    pub const CODE: u32 = 4;
}

/// Bytes of a marked word: its hash, its marks.
pub const MARKED: usize = 10;

/// What the rules behind the scorer ask of a word: kinds of `[[rules]]` in `cues.toml`, a bit each.
pub mod mark {
    /// A court or school with its seat in its name: محكمة.
    pub const SEATED: u16 = 1;
    /// Stands between a court or office and its seat: استئناف.
    pub const OF_COURT: u16 = 1 << 1;
    /// A plural that names no single body: منظمات.
    pub const PLURAL: u16 = 1 << 2;
    /// An adjective that is a noun as well: العامة.
    pub const ADJECTIVE: u16 = 1 << 3;
    /// Joins two parts of a foreign name: دي.
    pub const PARTICLE: u16 = 1 << 4;
    /// A title before persons known by one name: الخليفة.
    pub const REIGNING: u16 = 1 << 5;
    /// Opens what is wished to a person behind the name: رضي.
    pub const BLESSING: u16 = 1 << 6;

    /// Such a particle that is also another word: فان for فإن.
    pub const WEAK: u16 = 1 << 7;

    /// A head that has its seat in its name over such a word only: ولاية أمن مراكش.
    pub const SEATED_OF: u16 = 1 << 8;

    /// By name in the file.
    #[allow(dead_code)] // read by the build script
    pub const KINDS: [(&str, u16); 9] = [
        ("seated", SEATED),
        ("of-court", OF_COURT),
        ("plural", PLURAL),
        ("adjective", ADJECTIVE),
        ("particle", PARTICLE),
        ("reigning", REIGNING),
        ("blessing", BLESSING),
        ("weak-particle", WEAK),
        ("seated-of", SEATED_OF),
    ];
}

/// The table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gazetteer {
    slots: &'static [[u8; SLOT]],
    entries: &'static [[u8; ENTRY]],
    /// Sorted by hash.
    marked: &'static [[u8; MARKED]],
    text: &'static str,
}

/// A prefix found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// What the name is; 0 for a prefix that is no name.
    pub mask: u32,
    /// Its entry, 0 for none.
    pub entry: u32,
    /// See [`follow`].
    pub follow: u32,
}

/// The bit in [`Node::follow`] of a prefix for all words with this [sign](super::fold::sign) behind it: most words that
/// begin some long name stand before a word that goes on none, and this says so without a look at the table.
#[inline]
pub const fn follow(sign: u8) -> u32 {
    1 << (sign & 31)
}

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A place.
    Place,
    /// A body.
    Body,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Place or body.
    pub of: Of,
    /// The id all its spellings share.
    pub id: &'static str,
    /// ISO 3166 code of a place; empty where there is none.
    pub code: &'static str,
    /// Latitude and longitude in degrees.
    pub position: Option<(f32, f32)>,
}

/// What decides between places that share a name.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Place or body.
    pub of: Of,
    /// The first two letters of its code, those of the country; [`NOWHERE`] where it has none.
    pub country: [u8; 2],
    /// Whether it is known from the big place-name file only.
    pub big: bool,
    /// Whether no other of that name is of such a thing.
    pub only: bool,
    /// Latitude and longitude in degrees.
    pub position: Option<(f32, f32)>,
}

/// The country of what has none.
pub const NOWHERE: [u8; 2] = [0; 2];

/// How ids of the big place-name file begin.
#[allow(dead_code)] // read by the build script
pub const BIG: &str = "geonames:";

/// What an entry with these bits is of.
const fn of(bits: u8) -> Of {
    match bits & entry::BODY {
        0 => Of::Place,
        _ => Of::Body,
    }
}

/// The position in the row of an entry.
fn position(row: &[u8; ENTRY]) -> Option<(f32, f32)> {
    let (lat, lon) = (u32_at(row, 8) as i32, u32_at(row, 12) as i32);
    (lat != i32::MIN).then_some((lat as f32 / 1e4, lon as f32 / 1e4))
}

const fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.split_at_checked(at) {
        Some((_, rest)) => match rest.first_chunk::<4>() {
            Some(c) => u32::from_le_bytes(*c),
            None => 0,
        },
        None => 0,
    }
}

impl Gazetteer {
    /// The table in `bytes`, with the text of its entries; `None` where they are not such a table.
    pub fn new(bytes: &'static [u8], text: &'static str) -> Option<Gazetteer> {
        if bytes.get(..8)? != MAGIC {
            return None;
        }
        let slots = u32_at(bytes, 8) as usize;
        let entries = u32_at(bytes, 12) as usize;
        let marked = u32_at(bytes, 16) as usize;
        let rest = bytes.get(HEAD..)?;
        let (slot_bytes, rest) = rest.split_at_checked(slots.checked_mul(SLOT)?)?;
        let (entry_bytes, rest) = rest.split_at_checked(entries.checked_mul(ENTRY)?)?;
        let marked_bytes = rest.get(..marked.checked_mul(MARKED)?)?;
        slots.is_power_of_two().then_some(Gazetteer {
            slots: slot_bytes.as_chunks().0,
            entries: entry_bytes.as_chunks().0,
            marked: marked_bytes.as_chunks().0,
            text,
        })
    }

    /// The slot of a prefix.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<Node> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        let key = (hash >> 32) as u32 | 1;
        loop {
            let slot = self.slots.get(at)?;
            let found = u32_at(slot, 0);
            if found == key {
                return Some(Node {
                    mask: u32_at(slot, 4),
                    entry: u32_at(slot, 8),
                    follow: u32_at(slot, 12),
                });
            }
            if found == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    /// Where the search for a prefix begins, as it stands in the table.
    #[inline]
    pub fn first(&self, hash: u64) -> u32 {
        let mask = self.slots.len().wrapping_sub(1);
        let slot = self.slots.get(hash as usize & mask);
        slot.map_or(0, |slot| u32_at(slot, 0))
    }

    /// Whether a prefix may have a slot: mostly false where it has none, and always found out without a branch, for those who
    /// ask for many.
    #[inline]
    pub fn may_have(&self, hash: u64) -> bool {
        let key = (hash >> 32) as u32 | 1;
        let next = [hash, hash.wrapping_add(1), hash.wrapping_add(2)];
        let [a, b, c] = next.map(|hash| self.first(hash));
        (a == key) | (a != 0) & ((b == key) | (b != 0) & (c != 0))
    }

    /// The marks of a word with this hash, see [`mark`]: a few steps of a search, for the rules that ask rarely.
    pub fn marks(&self, hash: u64) -> u16 {
        let hash_of = |row: &[u8; MARKED]| row.first_chunk().map_or(0, |c| u64::from_le_bytes(*c));
        let at = self.marked.binary_search_by_key(&hash, hash_of).ok();
        at.and_then(|i| self.marked.get(i)?.last_chunk().copied())
            .map_or(0, u16::from_le_bytes)
    }

    /// The entries of a node: several where places share a name.
    pub fn entries(&self, number: u32) -> impl Iterator<Item = Entry> + use<> {
        let this = *self;
        let mut next = (number as usize).checked_sub(1);
        std::iter::from_fn(move || {
            let row = this.entries.get(next?)?;
            let [_, _, _, _, id_len, bits, ..] = *row;
            next = next.filter(|_| bits & entry::MORE != 0).map(|n| n + 1);
            let id = u32_at(row, 0) as usize;
            let code = id + id_len as usize;
            let end = code + usize::from(bits >> entry::CODE);
            Some(Entry {
                of: of(bits),
                id: this.text.get(id..code)?,
                code: this.text.get(code..end)?,
                position: position(row),
            })
        })
    }

    /// What decides between the entries of a node.
    pub fn candidates(&self, number: u32) -> impl Iterator<Item = Candidate> + use<> {
        let this = *self;
        let mut next = (number as usize).checked_sub(1);
        std::iter::from_fn(move || {
            let row = this.entries.get(next?)?;
            let [_, _, _, _, _, bits, first, second, ..] = *row;
            next = next.filter(|_| bits & entry::MORE != 0).map(|n| n + 1);
            Some(Candidate {
                of: of(bits),
                country: [first, second],
                big: bits & entry::BIG != 0,
                only: bits & entry::ONLY != 0,
                position: position(row),
            })
        })
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.slots.len() * SLOT
            + self.entries.len() * ENTRY
            + self.marked.len() * MARKED
            + self.text.len()
    }
}
