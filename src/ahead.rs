//! Asking far memory ahead of time.
//!
//! What is known of words lies in tables that no near cache holds, and a loop that does something with each word waits
//! for one after the other: a processor looks a few hundred instructions ahead, and no farther than the next branch it
//! foretells wrongly. So a loop that does nothing but load goes before it, where the places are known already.

/// Brings places of memory near: one load of each is all that `loads` should do.
#[inline]
pub(crate) fn fetch(loads: impl Iterator<Item = u32>) {
    // Something has to be done with them, or they are left out.
    std::hint::black_box(loads.fold(0, |all, load| all ^ load));
}
