//! What speaks for a candidate and against it, as numbers of about one.
//!
//! The score is linear in these; whatever is not linear in nature (logarithms, shares, classes) is made so here.

use super::candidate::{Candidate, CandidateScratch, IN_LEAD, IN_TITLE, Kind, LINKED, NONE};
use super::word::{
    ACCUSATIVE, ADJECTIVE, ARTICLE, BODY, CONTENT, FOREIGN, GENERIC, KIN, NAME, NISBA, NOUN, PLACE,
    PLURAL, PREPOSITION, PROPER, UNKNOWN,
};

macro_rules! features {
    ($($name:ident)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy)]
        enum F { $($name,)* Count }
        /// Names of the features, as in `lexicons/keywords/weights.txt`.
        pub(crate) const NAMES: [&str; F::Count as usize] = [$(stringify!($name),)*];
    };
}

features! {
    bias
    words_2 words_3 words_4
    times times_share once times_idf times_dense times_long times_1 times_2 times_3
    idf idf_least idf_most idf_last
    title lead early early_long place_first spread sentences
    within within_whole within_kinds
    word_times word_times_least word_times_idf word_in_title
    burst title_rate
    pair pair_new cohesion
    proper one_name one_place one_body one_unknown one_noun one_adjective one_nisba one_generic one_plural
    some_name some_place some_body some_unknown
    head_adjective head_nisba head_generic head_proper head_article
    tail_article tail_adjective tail_generic tail_accusative tail_proper
    preposition linked foreign kin
    left right unclean quoted
    person location organization entity_not
    one_long words_2_long words_3_long words_4_long title_long proper_long place_long
    one_title one_idf words_2_title idf_times_word
}

/// One number for each of [`NAMES`].
pub(crate) type Features = [f32; NAMES.len()];

/// What is the same for all candidates of a story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story {
    /// ln of the number of documents of the background.
    pub documents: f32,
    /// Length in words, as a logarithm: 0 for 200 words, 1 for 544.
    long: f32,
    words: f32,
    most: f32,
    has_entities: bool,
}

impl Story {
    pub fn new(scratch: &CandidateScratch, documents: u32, has_entities: bool) -> Story {
        let words = (scratch.places.len() as f32).max(1.0);
        Story {
            documents: (documents as f32).ln().max(1.0),
            long: (words / 200.0).ln().clamp(-2.0, 4.0),
            words,
            most: (1.0 + scratch.most as f32).ln(),
            has_entities,
        }
    }
}

fn share(n: u32, of: u32) -> f32 {
    n as f32 / of.max(1) as f32
}

/// Fills `x`.
pub(crate) fn features(c: &Candidate, scratch: &CandidateScratch, story: &Story, x: &mut Features) {
    *x = [0.0; NAMES.len()];
    let mut set = |f: F, v: f32| {
        if let Some(slot) = x.get_mut(f as usize) {
            *slot = v;
        }
    };
    let flag = |b: bool| f32::from(u8::from(b));
    let n = c.words as usize;
    let at = c.first as usize;
    let places = scratch.places.get(at..at + n).unwrap_or(&[]);
    let (Some(head), Some(tail)) = (places.first(), places.last()) else {
        return;
    };
    let times = (1.0 + c.times as f32).ln();
    let mut content = 0.0f32;
    let (mut idf, mut least, mut most) = (0.0f32, f32::INFINITY, 0.0f32);
    let (mut word_times, mut word_times_least, mut word_times_idf) =
        (0.0f32, f32::INFINITY, 0.0f32);
    let (mut in_title, mut burst, mut title_rate, mut documents) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    let mut all = u32::MAX;
    let mut any = 0;
    let mut inner_preposition = false;
    for (i, p) in places.iter().enumerate() {
        if !p.info.is(CONTENT) {
            continue;
        }
        content += 1.0;
        all &= p.info.flags;
        any |= p.info.flags;
        inner_preposition |= i > 0 && p.info.is(PREPOSITION);
        let rare = (story.documents - p.info.documents) / story.documents;
        idf += rare;
        least = least.min(rare);
        most = most.max(rare);
        documents += p.info.documents;
        burst += p.info.burst;
        title_rate += p.info.title;
        if let Some(single) = scratch.list.get(p.single as usize) {
            let t = (1.0 + single.times as f32).ln();
            word_times += t;
            word_times_least = word_times_least.min(t);
            word_times_idf += t * rare;
            in_title += flag(single.flags & IN_TITLE != 0);
        } else {
            word_times_least = 0.0;
        }
    }
    let content = content.max(1.0);
    idf /= content;
    let one = n == 1;
    let is = |f: u32| places.iter().any(|p| p.info.is(f));
    let title = c.flags & IN_TITLE != 0;
    set(F::bias, 1.0);
    set(F::words_2, flag(n == 2));
    set(F::words_3, flag(n == 3));
    set(F::words_4, flag(n >= 4));
    set(F::times, times);
    set(F::times_share, times / story.most);
    set(F::once, flag(c.times == 1));
    set(F::times_idf, times * idf);
    set(
        F::times_dense,
        (c.times as f32 / story.words * 200.0).min(10.0).ln_1p(),
    );
    set(F::times_long, times * story.long);
    set(F::times_1, if one { times } else { 0.0 });
    set(F::times_2, if n == 2 { times } else { 0.0 });
    set(F::times_3, if n >= 3 { times } else { 0.0 });
    set(F::idf, idf);
    set(F::idf_least, least.min(1.0));
    set(F::idf_most, most);
    set(
        F::idf_last,
        (story.documents - tail.info.documents) / story.documents,
    );
    set(F::title, flag(title));
    set(F::lead, flag(c.flags & IN_LEAD != 0));
    let early = 1.0 / (1.0 + head.sentence as f32);
    set(F::early, early);
    set(F::early_long, early * story.long);
    set(
        F::place_first,
        (1.0 + c.first as f32).ln() / (1.0 + story.words).ln(),
    );
    set(F::spread, (c.last - c.first) as f32 / story.words);
    set(F::sentences, (1.0 + c.sentences as f32).ln());
    let within = share(c.longer, c.times).min(1.0);
    set(F::within, within);
    set(F::within_whole, flag(c.longer >= c.times && c.longer > 0));
    set(F::within_kinds, (c.longer_kinds as f32).ln_1p() * within);
    set(F::word_times, word_times / content);
    set(F::word_times_least, word_times_least.min(10.0));
    set(F::word_times_idf, word_times_idf / content);
    set(F::word_in_title, in_title / content);
    set(F::burst, burst / content);
    set(F::title_rate, title_rate / content);
    if !one {
        let pair = c.pair.min(story.documents);
        set(F::pair, pair / story.documents);
        set(F::pair_new, flag(pair == 0.0));
        let expected = 2.0 * documents / content - story.documents;
        if pair > 0.0 {
            set(
                F::cohesion,
                ((pair - expected) / story.documents).clamp(-1.0, 1.0),
            );
        }
    }
    let proper = all & PROPER != 0 || (all & (PROPER | UNKNOWN) != 0 && any & PROPER != 0);
    set(F::proper, flag(proper && !one));
    if one {
        set(F::one_name, flag(head.info.is(NAME)));
        set(F::one_place, flag(head.info.is(PLACE)));
        set(F::one_body, flag(head.info.is(BODY)));
        set(F::one_unknown, flag(head.info.is(UNKNOWN)));
        set(F::one_noun, flag(head.info.is(NOUN)));
        set(F::one_adjective, flag(head.info.is(ADJECTIVE)));
        set(F::one_nisba, flag(head.info.is(NISBA)));
        set(F::one_generic, flag(head.info.is(GENERIC)));
        set(F::one_plural, flag(head.info.is(PLURAL)));
    } else {
        set(F::some_name, flag(is(NAME)));
        set(F::some_place, flag(is(PLACE)));
        set(F::some_body, flag(is(BODY)));
        set(F::some_unknown, flag(is(UNKNOWN)));
        set(F::head_adjective, flag(head.info.is(ADJECTIVE)));
        set(F::head_nisba, flag(head.info.is(NISBA)));
        set(F::head_generic, flag(head.info.is(GENERIC)));
        set(F::head_proper, flag(head.info.is(PROPER)));
        set(F::tail_adjective, flag(tail.info.is(ADJECTIVE)));
        set(F::tail_generic, flag(tail.info.is(GENERIC)));
        set(F::tail_proper, flag(tail.info.is(PROPER)));
        set(F::tail_article, flag(tail.info.is(ARTICLE)));
    }
    set(F::head_article, flag(head.info.is(ARTICLE)));
    set(F::tail_accusative, flag(tail.info.is(ACCUSATIVE)));
    set(F::preposition, flag(inner_preposition));
    set(F::linked, flag(c.flags & LINKED != 0));
    set(F::foreign, flag(is(FOREIGN)));
    set(F::kin, flag(head.info.is(KIN) || tail.info.is(KIN)));
    set(F::left, share(c.left, c.times));
    set(F::right, share(c.right, c.times));
    set(F::unclean, 1.0 - share(c.clean, c.times));
    set(F::quoted, share(c.quoted, c.times));
    if story.has_entities {
        let named = share(c.named, c.times);
        match c.kind {
            Kind::Person => set(F::person, named),
            Kind::Place => set(F::location, named),
            Kind::Body => set(F::organization, named),
            Kind::None => set(F::entity_not, 1.0),
        }
    }
    set(F::one_long, if one { story.long } else { 0.0 });
    set(F::words_2_long, if n == 2 { story.long } else { 0.0 });
    set(F::words_3_long, if n == 3 { story.long } else { 0.0 });
    set(F::words_4_long, if n >= 4 { story.long } else { 0.0 });
    set(F::title_long, if title { story.long } else { 0.0 });
    set(F::proper_long, if proper { story.long } else { 0.0 });
    set(
        F::place_long,
        if one && head.info.is(PLACE) {
            story.long
        } else {
            0.0
        },
    );
    set(F::one_title, flag(one && title));
    set(F::one_idf, if one { idf } else { 0.0 });
    set(F::words_2_title, flag(n == 2 && title));
    set(F::idf_times_word, idf * word_times / content);
    debug_assert!(head.single != NONE || !one);
}
