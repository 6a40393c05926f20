//! The closed vocabulary: number words, hedges, particles, units of time, kinds of law.
//!
//! It is grammar, not lexicon: a reader of a lexicon file could add nothing to it. Spellings are folded (see
//! [`super::fold`]).

use super::{Form, MeasureWords};

/// A word of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberWord {
    /// 1..=9, in any gender.
    Unit(u8),
    /// عشر، عشرة: 10 by itself, +10 behind a unit.
    Ten,
    /// عشرون .. تسعون.
    Tens(u8),
    /// مئة; behind a unit it multiplies.
    Hundred,
    /// مئتان، ثلاثمئة .. تسعمئة.
    Hundreds(u16),
    /// ألف، مليون، مليار، تريليون as a power of ten; behind a number it multiplies.
    Scale(u8),
    /// ألفان، مليونان: two of them.
    TwoScale(u8),
    /// آلاف، ملايين: multiplies behind a number, else «thousands».
    ScalePlural(u8),
    /// عشرات، مئات.
    Vague(u8),
    /// نصف، ربع، ثلث: a fraction of the scale before or behind it, in hundredths.
    Fraction(u8),
    /// بضع، بضعة: «a few» of what follows.
    Few,
    /// أحد، إحدى: 1, only before عشر.
    OneOf,
    /// اثنا، اثني: 2, mostly before عشر.
    TwoOf,
}

/// How sure a number is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hedge {
    /// نحو، حوالي، قرابة، زهاء.
    About,
    /// أكثر، أزيد، يزيد، يفوق، يتجاوز: «at least», «at most» behind لا.
    More,
    /// أقل.
    Less,
    /// يصل: «at most» before إلى.
    Reaches,
    /// يقل: «at least» behind لا.
    Falls,
    /// الأقل behind على.
    Least,
    /// الأكثر، الأقصى behind على or حد.
    Most,
}

/// Particles the grammars ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glue {
    From,
    About,
    On,
    To,
    In,
    Until,
    Between,
    What,
    Not,
    /// لم، لن، دون، بدون، عدم، نفى، نفت: what follows did not happen.
    Denied,
    Among,
    /// بينهم، منهم، ضمنهم: a part of what was counted before.
    OfWhom,
    /// فيه، فيها، خلالها: may stand between a verb and its number.
    Therein,
    And,
    Number,
    /// الموافق.
    Equals,
    /// عدد، حصيلة، بلغ: a count follows.
    Count,
    /// تم، تمت، جرى: a passive follows.
    Was,
    /// قد، كان، كانوا، الذين: may stand between a noun and its verb.
    Light,
    /// المئة behind في or ب.
    Percent,
    /// إثر، قرب، غرقا: the rest of a clause, what a bare number may be followed by.
    Clause,
    /// متن، يحمل، بعدما، أن: another clause begins, an outcome before it says nothing of the number behind it.
    Break,
}

/// Units of time, the shortest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TimeUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
}

impl TimeUnit {
    /// The name in reports.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            TimeUnit::Second => "second",
            TimeUnit::Minute => "minute",
            TimeUnit::Hour => "hour",
            TimeUnit::Day => "day",
            TimeUnit::Week => "week",
            TimeUnit::Month => "month",
            TimeUnit::Year => "year",
            TimeUnit::Decade => "decade",
            TimeUnit::Century => "century",
        }
    }
}

/// Words of relative dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelativeWord {
    /// اليوم 0, أمس -1, غدا +1.
    Day(i8),
    /// أول (of أول أمس).
    First,
    /// الماضي، الفائت، المنصرم.
    Last,
    /// المقبل، القادم.
    Next,
    /// الجاري، الحالي.
    This,
    /// منذ، قبل: how long ago follows.
    Ago,
    /// بعد، خلال: how long from now.
    After,
    /// مساء، فجر، صباح، ظهر، ليل: part of a day.
    PartOfDay,
    /// مطلع، أواخر، منتصف، نهاية، صيف: part of a year or month.
    PartOfYear,
    /// الستينيات .. : the tens of a decade.
    Decade(u8),
}

/// Kinds of legal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LawWord {
    Law,
    Decree,
    Royal,
    Agreement,
    Resolution,
    Article,
    Chapter,
}

use NumberWord as N;

pub(super) fn enter(words: &mut MeasureWords) {
    numbers(words);
    ordinals(words);
    glue(words);
    time(words);
    law(words);
}

fn numbers(words: &mut MeasureWords) {
    const UNITS: [&[&str]; 9] = [
        &["واحد", "واحده", "واحدا"],
        &[
            "اثنان",
            "اثنين",
            "اثنتان",
            "اثنتين",
            "إثنان",
            "إثنين",
            "إثنتان",
            "إثنتين",
        ],
        &["ثلاث", "ثلاثه", "ثلاثا"],
        &["اربع", "اربعه", "اربعا"],
        &["خمس", "خمسه", "خمسا"],
        &["ست", "سته", "ستا"],
        &["سبع", "سبعه", "سبعا"],
        &["ثمان", "ثماني", "ثمانيه", "ثمانيا", "تمانيه"],
        &["تسع", "تسعه", "تسعا"],
    ];
    for (value, spellings) in (1..).zip(UNITS) {
        for word in spellings {
            words.entry(&super::fold(word)).number = Some(N::Unit(value));
        }
    }
    const TENS: [&str; 8] = ["عشر", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع"];
    for (value, stem) in (2..).zip(TENS) {
        for ending in ["ون", "ين"] {
            words.entry(&format!("{stem}{ending}")).number = Some(N::Tens(value * 10));
        }
    }
    for word in ["ثماني"] {
        for ending in ["ن", "ون"] {
            words.entry(&format!("{word}{ending}")).number = Some(N::Tens(80));
        }
    }
    for word in ["عشر", "عشره", "عشرا"] {
        words.entry(word).number = Some(N::Ten);
    }
    // مئة، مائة، ماية، مية.
    const HUNDRED: [&str; 4] = ["ميه", "مايه", "ماءه", "مءه"];
    for word in HUNDRED {
        words.entry(word).number = Some(N::Hundred);
    }
    for stem in ["ميت", "مايت", "مءت"] {
        for ending in ["ان", "ين", "ي", "ا"] {
            words.entry(&format!("{stem}{ending}")).number = Some(N::Hundreds(200));
        }
    }
    for (value, stems) in (3..).zip([
        &["ثلاث", "ثلاثه", "ثلث"][..],
        &["اربع", "اربعه"],
        &["خمس", "خمسه"],
        &["ست", "سته"],
        &["سبع", "سبعه"],
        &["ثمان", "ثماني", "ثمن"],
        &["تسع", "تسعه"],
    ]) {
        for stem in stems {
            for hundred in HUNDRED {
                words.entry(&format!("{stem}{hundred}")).number = Some(N::Hundreds(value * 100));
            }
        }
    }
    for (scale, singular, dual, plural) in [
        (
            3,
            &["الف", "الفا"][..],
            &["الفان", "الفين", "الفي"][..],
            &["الاف", "الافا", "الوف"][..],
        ),
        (
            6,
            &["مليون", "مليونا"],
            &["مليونان", "مليونين", "مليوني"],
            &["ملايين", "مليونات"],
        ),
        (
            9,
            &["مليار", "مليارا", "بليون", "بليونا"],
            &["ملياران", "مليارين", "ملياري", "بليونين"],
            &["مليارات", "بلايين", "بليونات"],
        ),
        (
            12,
            &["تريليون", "تريليونا", "ترليون", "ترليونا"],
            &["تريليونان", "تريليونين", "تريليوني"],
            &["تريليونات", "ترليونات"],
        ),
    ] {
        for word in singular {
            words.entry(word).number = Some(N::Scale(scale));
        }
        for word in dual {
            words.entry(word).number = Some(N::TwoScale(scale));
        }
        for word in plural {
            words.entry(word).number = Some(N::ScalePlural(scale));
        }
    }
    for (word, number) in [
        ("عشرات", N::Vague(1)),
        ("ميات", N::Vague(2)),
        ("مءات", N::Vague(2)),
        ("مايات", N::Vague(2)),
        ("نصف", N::Fraction(50)),
        ("ربع", N::Fraction(25)),
        ("بضع", N::Few),
        ("بضعه", N::Few),
        ("احد", N::OneOf),
        ("احدي", N::OneOf),
        ("اثنا", N::TwoOf),
        ("اثني", N::TwoOf),
        ("اثنتا", N::TwoOf),
        ("اثنتي", N::TwoOf),
    ] {
        words.entry(word).number = Some(number);
    }
}

/// الأول .. العاشر, and «فاتح», «غرة» for the first of a month.
fn ordinals(words: &mut MeasureWords) {
    for (list, day) in [
        ("أول أولى حادي واحد فاتح غرة مستهل", 1),
        ("ثاني", 2),
        ("ثالث", 3),
        ("رابع", 4),
        ("خامس", 5),
        ("سادس", 6),
        ("سابع", 7),
        ("ثامن", 8),
        ("تاسع", 9),
        ("عاشر", 10),
    ] {
        for word in list.split(' ') {
            words.entry(&super::fold(word)).ordinal = Some(day);
            // «الأول», «الثاني» are entries of their own: second words of months.
            let article = super::fold(&format!("ال{word}"));
            if words.knows(&article) {
                words.entry(&article).ordinal = Some(day);
            }
        }
    }
}

fn glue(words: &mut MeasureWords) {
    for (list, hedge) in [
        (
            "نحو نحوا حوالي حوالى حواليي قرابه زهاء تقريبا يناهز تناهز ناهز ناهزت يقارب تقارب يقرب تقرب قراب مقارب",
            Hedge::About,
        ),
        (
            "اكثر ازيد يزيد تزيد زاد زادت يفوق تفوق فاق فاقت فوق يتجاوز تتجاوز تجاوز تجاوزت يتعدي تتعدي تعدي يربو تربو فاكثر",
            Hedge::More,
        ),
        ("اقل", Hedge::Less),
        ("يصل تصل", Hedge::Reaches),
        ("يقل تقل يقلون", Hedge::Falls),
        ("الاقل ادني", Hedge::Least),
        ("الاكثر اقصي", Hedge::Most),
    ] {
        for word in list.split(' ') {
            words.entry(&super::fold(word)).hedge = Some(hedge);
        }
    }
    for (list, glue) in [
        ("من", Glue::From),
        ("عن", Glue::About),
        ("على عليهم عليه", Glue::On),
        ("إلى لحد", Glue::To),
        ("في", Glue::In),
        ("حتى بحلول", Glue::Until),
        ("بين", Glue::Between),
        ("ما مما", Glue::What),
        ("لا", Glue::Not),
        (
            "لم لن دون بدون عدم نفى نفت نافيا نافية ينفي تنفي يستبعد ليس",
            Glue::Denied,
        ),
        ("ضمن بينما", Glue::Among),
        (
            "بينهم بينهن بينها منهم منهن منها ضمنهم فيهم فيهن بينهما ضمنها",
            Glue::OfWhom,
        ),
        ("فيه فيها خلاله خلالها إثره إثرها بسببه بسببها", Glue::Therein),
        (
            "اثر جراء اثناء لدي قرب قباله شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط داخل خارج نتيجه غرقا حرقا عندما حين حينما بعدما كما فيما بينما حسب وفق وفقا لكن او عند هناك هنا فقط ضد ليل ليلا سابقا لاحقا متاثرين مباشره",
            Glue::Clause,
        ),
        (
            "متن متنه متنها يحمل تحمل يضم تضم بعدما حيث اصل بحوزه بحوزته بحوزتهم عمره عمرها تقله تقلهم ان قال عندما",
            Glue::Break,
        ),
        ("و", Glue::And),
        ("رقم عدد", Glue::Number),
        ("الموافق موافق", Glue::Equals),
        (
            "حصيلة بلغ بلغت يبلغ تبلغ وصل وصلت ارتفع ارتفعت ارتفاع لترتفع ليرتفع قدر قدرت يقدر بواقع",
            Glue::Count,
        ),
        ("تم تمت جرى جرت يتم تتم سيتم", Glue::Was),
        (
            "قد كان كانت كانوا الذين التي ممن الذي لا زالوا مازالوا يزالون زال اعتبروا عداد لقوا لقيا لقين لقي فقدوا",
            Glue::Light,
        ),
        ("المئة المائة بالمئة بالمائة الميه", Glue::Percent),
    ] {
        for word in list.split(' ') {
            let entry = words.entry(&super::fold(word));
            entry.glue = entry.glue.or(Some(glue));
        }
    }
}

fn time(words: &mut MeasureWords) {
    for (list, unit) in [
        ("ثانية ثانيتين|ثانيتان|ثوان ثواني", TimeUnit::Second),
        ("دقيقة|دقيقتين دقيقتان|دقائق", TimeUnit::Minute),
        ("ساعة|ساعتين ساعتان ساعتي|ساعات", TimeUnit::Hour),
        ("يوم يوما|يومين يومان يومي|أيام أياما", TimeUnit::Day),
        ("أسبوع أسبوعا|أسبوعين أسبوعان|أسابيع", TimeUnit::Week),
        ("شهر شهرا|شهرين شهران شهري|أشهر شهور", TimeUnit::Month),
        (
            "سنة عام عاما|سنتين سنتان عامين عامان عامي سنتي|سنوات أعوام سنين",
            TimeUnit::Year,
        ),
        ("عقد عقدا|عقدين عقدان|عقود", TimeUnit::Decade),
        ("قرن قرنا|قرنين قرنان|قرون", TimeUnit::Century),
    ] {
        for (forms, form) in list.split('|').zip([Form::One, Form::Two, Form::Many]) {
            for word in forms.split(' ') {
                words.entry(&super::fold(word)).time = Some((unit, form));
            }
        }
    }
    for (list, relative) in [
        ("اليوم", RelativeWord::Day(0)),
        ("أمس البارحة", RelativeWord::Day(-1)),
        ("غد غدا", RelativeWord::Day(1)),
        ("أول", RelativeWord::First),
        (
            "ماض ماضي ماضية ماضيين فائت فائتة منصرم منصرمة فارط فارطة منقضي منقضية سابق",
            RelativeWord::Last,
        ),
        ("مقبل مقبلة قادم قادمة", RelativeWord::Next),
        ("جار جاري جارية حالي حالية", RelativeWord::This),
        ("منذ قبل", RelativeWord::Ago),
        ("بعد خلال", RelativeWord::After),
        (
            "مساء فجر صباح ظهر عصر ليل ليلة ظهيرة عشية ضحى منتصف",
            RelativeWord::PartOfDay,
        ),
        (
            "مطلع أوائل بداية أواخر نهاية أواسط ختام مستهل صيف شتاء خريف غرة موسم دورة فاتح منذ حتى بحلول خلال قبل بعد",
            RelativeWord::PartOfYear,
        ),
    ] {
        for word in list.split(' ') {
            let entry = words.entry(&super::fold(word));
            entry.relative = entry.relative.or(Some(relative));
        }
    }
    for (tens, stem) in [
        (20, "عشرين"),
        (30, "ثلاثين"),
        (40, "أربعين"),
        (50, "خمسين"),
        (60, "ستين"),
        (70, "سبعين"),
        (80, "ثمانين"),
        (90, "تسعين"),
    ] {
        for ending in ["ات", "يات"] {
            words
                .entry(&super::fold(&format!("{stem}{ending}")))
                .relative = Some(RelativeWord::Decade(tens));
        }
    }
}

fn law(words: &mut MeasureWords) {
    for (list, law) in [
        ("قانون قوانين القانون", LawWord::Law),
        ("مرسوم مراسيم ظهير أمر فرمان", LawWord::Decree),
        (
            "ملكي سلطاني أميري رئاسي تنفيذي تشريعي شريف أساسي تنظيمي اتحادي وزاري جمهوري حكومي",
            LawWord::Royal,
        ),
        ("اتفاقية اتفاق معاهدة بروتوكول ميثاق", LawWord::Agreement),
        ("قرار قرارات", LawWord::Resolution),
        ("مادة مادتين فقرة بند", LawWord::Article),
        ("فصل فصول باب", LawWord::Chapter),
    ] {
        for word in list.split(' ') {
            words.entry(&super::fold(word)).law = Some(law);
        }
    }
}
