//! What speaks for a candidate and against it, as numbers of about one.
//!
//! The score is linear in these; whatever is not linear in nature (logarithms, shares, classes) is made so here.

use super::candidate::{
    Candidate, CandidateScratch, IN_LEAD, IN_TITLE, Kind, LINKED, NEGATED, ON_TOPIC,
};
use super::model::Logs;
use super::word::{
    ACCUSATIVE, ADJECTIVE, ARTICLE, BODY, CONTENT, EITHER, FEMININE, FOREIGN, GENERIC, KIN, NAME,
    NISBA, NOUN, PLACE, PLURAL, PREPOSITION, PROPER, UNKNOWN,
};

macro_rules! features {
    ($($name:ident)*) => {
        /// A feature.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum F { $($name,)* Count }
        /// Names of the features, as in `lexicons/keywords/weights.txt`.
        pub(crate) const NAMES: [&str; F::Count as usize] = [$(stringify!($name),)*];
    };
}

features! {
    bias
    words_2 words_3 words_4
    times share_1 share_2 share_3 once times_idf times_dense times_1 times_2 times_3
    idf idf_least idf_most idf_last
    title lead early  place_first spread sentences
    within within_whole within_kinds
    word_times word_times_least word_times_idf word_in_title
    burst title_rate
    pair pair_new cohesion
    proper one_name one_place one_body one_unknown one_noun one_adjective one_nisba one_generic one_plural
    some_name some_place some_body some_unknown
    head_adjective head_nisba head_generic head_proper head_article
    tail_article tail_adjective tail_generic tail_accusative tail_proper
    preposition linked foreign kin
    left right in_name adjective open goes_not goes_prep disagree apposed negated unclean quoted line line_one entry tail_nisba covers_prefix covers_suffix covers_all
    person location organization entity_not
    named_once named_times
    one_title one_idf words_2_title idf_times_word
    late late_log often
    topic topic_whole
}

/// One number for each of [`NAMES`].
pub(crate) type Features = [f32; NAMES.len()];

/// What is the same for all candidates of a story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story<'l> {
    /// ln of the number of documents of the background.
    pub documents: f32,
    /// 1 / `documents`.
    per_document: f32,
    /// See [`long`].
    pub long: f32,
    /// Counts are divided by this: in long texts everything is said more often.
    stretch: f32,
    words: f32,
    /// ln of one more than `words`.
    log_words: f32,
    most: [f32; 3],
    has_entities: bool,
    logs: &'l Logs,
}

impl<'l> Story<'l> {
    pub fn new(
        scratch: &CandidateScratch,
        documents: u32,
        has_entities: bool,
        logs: &'l Logs,
    ) -> Story<'l> {
        let words = (scratch.words as f32).max(1.0);
        let stretch =
            (words / LONG_TEXT).clamp(1.0, BOOK / LONG_TEXT).sqrt() * (words / BOOK).max(1.0);
        Story {
            stretch,
            log_words: (1.0 + words).ln(),
            logs,
            documents: (documents as f32).ln().max(1.0),
            per_document: 1.0 / (documents as f32).ln().max(1.0),
            long: long(scratch.words),
            words,
            most: scratch.table.most.map(|n| (1.0 + n as f32 / stretch).ln()),
            has_entities,
        }
    }

    /// Logarithm of a number of mentions, as if the text were not long.
    #[inline]
    fn times(&self, n: u32) -> f32 {
        if self.stretch == 1.0 {
            self.logs.of(n)
        } else {
            (1.0 + n as f32 / self.stretch).ln()
        }
    }
}

/// Length of a story in words, as a logarithm: 0 for 200 words, 1 for 544, from -1.5 to 2.
pub(crate) fn long(words: u32) -> f32 {
    ((words as f32).max(1.0) / 200.0).ln().clamp(-1.5, 2.0)
}

/// A text longer than this many words is long: what is said in it is said more often, as the root of its length. Beyond the
/// second number it says little new: everything is said more often, as its length.
const LONG_TEXT: f32 = 800.0;
const BOOK: f32 = 4000.0;
/// ln of one more than 15.
const MOST_TIMES: f32 = 2.77;

fn share(n: u32, of: u32) -> f32 {
    n as f32 / of.max(1) as f32
}

/// What is 1 where something holds, else 0; without a branch, as few of these can be foretold.
#[inline]
const fn flag(holds: bool) -> f32 {
    f32::from_bits(1.0f32.to_bits() & (holds as u32).wrapping_neg())
}

/// The features of a candidate.
#[inline]
pub(crate) fn features(c: &Candidate, scratch: &CandidateScratch, story: &Story<'_>) -> Features {
    let mut out = [0.0; NAMES.len()];
    let mut set = |f: F, v: f32| {
        if let Some(place) = out.get_mut(f as usize) {
            *place = v;
        }
    };
    let n = c.words as usize;
    let at = c.first as usize;
    let places = scratch.places.get(at..at + n).unwrap_or(&[]);
    let (Some(head), Some(tail)) = (places.first(), places.last()) else {
        return out;
    };
    let whole_times = story.times(c.times);
    // More mentions than this say nothing more: long texts repeat everything.
    let times = whole_times.min(MOST_TIMES);
    let mut content = 0.0f32;
    let (mut idf, mut least, mut most) = (0.0f32, f32::INFINITY, 0.0f32);
    let (mut word_times, mut word_times_least, mut word_times_idf) =
        (0.0f32, f32::INFINITY, 0.0f32);
    let (mut in_title, mut burst, mut title_rate, mut documents) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    let mut last = 0.0f32;
    let mut all = u32::MAX;
    let mut any = 0;
    let mut inner_preposition = false;
    let mut on_topic = 0.0f32;
    for (i, p) in places.iter().enumerate() {
        if !p.info.is(CONTENT) {
            continue;
        }
        content += 1.0;
        all &= p.info.flags;
        any |= p.info.flags;
        inner_preposition |= i > 0 && p.info.is(PREPOSITION);
        on_topic += flag(p.bits & ON_TOPIC != 0);
        let word = p.info.frequency;
        let rare = (story.documents - word.documents()) * story.per_document;
        idf += rare;
        last = rare;
        least = least.min(rare);
        most = most.max(rare);
        documents += word.documents();
        burst += word.burst();
        title_rate += word.title();
        if let Some(single) = scratch.table.get(p.single) {
            let t = story.times(single.times).min(MOST_TIMES);
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
    let any_flags = places.iter().fold(0, |flags, p| flags | p.info.flags);
    let is = |f: u32| any_flags & f != 0;
    let title = c.flags & IN_TITLE != 0;
    set(F::bias, 1.0);
    set(F::words_2, flag(n == 2));
    set(F::words_3, flag(n == 3));
    set(F::words_4, flag(n >= 4));
    set(F::times, times);
    let [most_1, most_2, most_3] = story.most;
    match n {
        1 => set(F::share_1, whole_times / most_1),
        2 => set(F::share_2, whole_times / most_2),
        _ => set(F::share_3, whole_times / most_3),
    }
    set(F::once, flag(c.times == 1));
    set(F::times_idf, times * idf);
    set(
        F::times_dense,
        (1.0 + (c.times as f32 / story.words * 200.0).min(10.0)).ln(),
    );

    set(F::times_1, if one { times } else { 0.0 });
    set(F::times_2, if n == 2 { times } else { 0.0 });
    set(F::times_3, if n >= 3 { times } else { 0.0 });
    set(F::idf, idf);
    set(F::idf_least, least.min(1.0));
    set(F::idf_most, most);
    set(F::idf_last, last);
    set(F::title, flag(title));
    set(F::lead, flag(c.flags & IN_LEAD != 0));
    let early = 1.0 / (1.0 + head.sentence as f32);
    set(F::early, early);
    set(F::place_first, story.logs.of(head.nth) / story.log_words);
    let last_nth = scratch.places.get(c.last as usize).map_or(0, |p| p.nth);
    set(
        F::spread,
        last_nth.saturating_sub(head.nth) as f32 / story.words,
    );
    set(F::sentences, story.logs.of(c.sentences).min(MOST_TIMES));
    let within = share(c.longer, c.times).min(1.0);
    set(F::within, within);
    set(
        F::within_whole,
        flag((c.longer >= c.times) & (c.longer > 0)),
    );
    set(F::within_kinds, story.logs.of(c.longer_kinds) * within);
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
    let proper = (all & PROPER != 0) | ((all & (PROPER | UNKNOWN) != 0) & (any & PROPER != 0));
    set(F::proper, flag(proper & !one));
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
    set(F::kin, flag(head.info.is(KIN) | tail.info.is(KIN)));
    set(F::left, share(c.left, c.times));
    set(F::right, share(c.right, c.times));
    set(F::in_name, share(c.in_name, c.times));
    set(F::adjective, share(c.adjective, c.times));
    set(F::open, share(c.open, c.times));
    set(F::goes_not, share(c.not_next, c.times));
    set(F::goes_prep, share(c.preposition_next, c.times));
    let mut disagree = false;
    for (i, adjective) in places.iter().enumerate().skip(1) {
        if !adjective.info.is(ADJECTIVE) || adjective.info.is(EITHER | PREPOSITION | NAME) {
            continue;
        }
        let feminine = adjective.info.is(FEMININE);
        let agrees = |p: &super::candidate::Place| {
            p.info.is(EITHER | PROPER | UNKNOWN | FOREIGN) || p.info.is(FEMININE) == feminine
        };
        disagree |= !places.iter().take(i).any(agrees);
    }
    set(F::disagree, flag(disagree));
    // «استدرج المتهمون الضحايا»: two nouns with the article beside each other are rarely one phrase.
    let apposed = places.windows(2).any(|pair| {
        matches!(pair, [a, b] if a.info.is(ARTICLE) && b.info.is(ARTICLE)
            && !a.info.is(PROPER) && !b.info.is(ADJECTIVE | PROPER | PREPOSITION | UNKNOWN))
    });
    set(F::apposed, flag(apposed));
    set(F::negated, flag(c.flags & NEGATED != 0));
    if c.lines > 0 && c.times > 1 {
        set(if one { F::line_one } else { F::line }, 1.0);
    }
    set(F::entry, flag(c.entry));
    if !one {
        set(F::tail_nisba, flag(tail.info.is(NISBA)));
        let covers = |part: u32| if part == 0 { 1.0 } else { share(c.times, part) };
        let (prefix, suffix) = (covers(c.prefix_times), covers(c.suffix_times));
        set(F::covers_prefix, prefix);
        set(F::covers_suffix, suffix);
        if c.times > 1 {
            set(F::covers_all, prefix.min(suffix));
        }
    }
    set(F::unclean, 1.0 - share(c.clean, c.times));
    set(F::quoted, share(c.quoted, c.times));
    if story.has_entities {
        let named = share(c.named, c.times);
        if c.named > 0 {
            set(F::named_once, flag(c.times == 1));
            set(F::named_times, named * times);
        }
        match c.kind {
            Kind::Person => set(F::person, named),
            Kind::Place => set(F::location, named),
            Kind::Body => set(F::organization, named),
            Kind::None => set(F::entity_not, 1.0),
        }
    }
    // A reader who tires: what is first said late is taken less often, unless it is a heading.
    if c.lines == 0 || c.times == 1 {
        set(F::late, head.nth as f32 / story.words);
        set(F::late_log, story.logs.of(head.nth));
    }
    set(F::often, times);
    set(F::one_title, flag(one & title));
    set(F::one_idf, if one { idf } else { 0.0 });
    set(F::words_2_title, flag((n == 2) & title));
    if on_topic > 0.0 {
        set(F::topic, on_topic / content);
        set(F::topic_whole, flag(on_topic == content));
    }
    set(F::idf_times_word, idf * word_times / content);
    out
}
