//! Marker groups, measure groups and stamps as bytes, see [`crate::archive`].

use super::LexiconStamp;
use crate::archive::{Packer, Unpacker};
use crate::measure::{MeasureClass, MeasureGroup};
use crate::page::{MarkerGroup, MarkerPart, Place};

const PLACES: [Place; 3] = [Place::Any, Place::Top, Place::Tail];

const CLASSES: [MeasureClass; 6] = [
    MeasureClass::People,
    MeasureClass::OutcomeNoun,
    MeasureClass::OutcomeVerb,
    MeasureClass::OutcomeAfter,
    MeasureClass::Unit,
    MeasureClass::Currency,
];

/// The number of `value` in the list of all.
#[allow(dead_code)] // The build script packs, the library unpacks.
fn index<T: PartialEq>(all: &[T], value: &T) -> u32 {
    all.iter().position(|v| v == value).unwrap_or(all.len()) as u32
}

fn texts(from: &mut Unpacker<'_>) -> Option<Vec<String>> {
    let count = from.number()?;
    (0..count).map(|_| from.text().map(str::to_owned)).collect()
}

#[allow(dead_code)]
fn pack_texts(list: &[String], out: &mut Packer) {
    out.number(list.len() as u32);
    list.iter().for_each(|t| out.text(t));
}

#[allow(dead_code)]
pub(crate) fn pack_markers(groups: &[MarkerGroup], out: &mut Packer) {
    out.number(groups.len() as u32);
    for group in groups {
        out.number(index(&MarkerPart::ALL, &group.part));
        out.number(u32::from(group.separator_required));
        out.number(u32::from(group.whole_line));
        out.number(u32::from(group.prefix));
        out.number(u32::from(group.to_end));
        out.number(u32::from(group.needs_date));
        out.number(index(&PLACES, &group.place));
        out.number(u32::from(group.max_words));
        pack_texts(&group.list, out);
    }
}

pub(crate) fn unpack_markers(from: &mut Unpacker<'_>) -> Option<Vec<MarkerGroup>> {
    let count = from.number()?;
    (0..count)
        .map(|_| {
            let mut group = MarkerGroup::new(*MarkerPart::ALL.get(from.number()? as usize)?);
            group.separator_required = from.number()? != 0;
            group.whole_line = from.number()? != 0;
            group.prefix = from.number()? != 0;
            group.to_end = from.number()? != 0;
            group.needs_date = from.number()? != 0;
            group.place = *PLACES.get(from.number()? as usize)?;
            group.max_words = u16::try_from(from.number()?).ok()?;
            group.list = texts(from)?;
            Some(group)
        })
        .collect()
}

#[allow(dead_code)]
pub(crate) fn pack_measures(groups: &[MeasureGroup], out: &mut Packer) {
    out.number(groups.len() as u32);
    for group in groups {
        out.number(index(&CLASSES, &group.class));
        out.text(&group.id);
        out.number(u32::from(group.about.is_some()));
        out.text(group.about.as_deref().unwrap_or(""));
        out.maybe(group.reach.map(u16::from));
        out.number(u32::from(group.bare));
        pack_texts(&group.not, out);
        pack_texts(&group.list, out);
    }
}

pub(crate) fn unpack_measures(from: &mut Unpacker<'_>) -> Option<Vec<MeasureGroup>> {
    let count = from.number()?;
    (0..count)
        .map(|_| {
            let class = *CLASSES.get(from.number()? as usize)?;
            let mut group = MeasureGroup::new(class, from.text()?);
            let about = from.number()? != 0;
            group.about = Some(from.text()?.to_owned()).filter(|_| about);
            group.reach = from.maybe()?.and_then(|r| u8::try_from(r).ok());
            group.bare = from.number()? != 0;
            group.not = texts(from)?;
            group.list = texts(from)?;
            Some(group)
        })
        .collect()
}

#[allow(dead_code)]
pub(crate) fn pack_stamps(stamps: &[LexiconStamp], out: &mut Packer) {
    out.number(stamps.len() as u32);
    for stamp in stamps {
        out.text(&stamp.id);
        out.text(&stamp.version);
        out.text(&stamp.hash);
        out.number(stamp.terms as u32);
    }
}

pub(crate) fn unpack_stamps(from: &mut Unpacker<'_>) -> Option<Vec<LexiconStamp>> {
    let count = from.number()?;
    (0..count)
        .map(|_| {
            Some(LexiconStamp {
                id: from.text()?.to_owned(),
                version: from.text()?.to_owned(),
                hash: from.text()?.to_owned(),
                terms: from.number()? as usize,
            })
        })
        .collect()
}
