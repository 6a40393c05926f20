//! Lists of what passes a test that nobody can foretell.
//!
//! A branch that is as good as random costs as much as sixty instructions half of the time. So everything is written to
//! the list, and what does not pass is written over by the next.

/// Puts a value behind the first `len` of a list, where `wanted`.
#[inline]
pub(crate) fn put_if<T>(wanted: bool, list: &mut [T], len: &mut usize, value: T) {
    debug_assert!(!wanted || *len < list.len(), "no room");
    if let Some(place) = list.get_mut(*len) {
        *place = value;
    }
    *len += usize::from(wanted);
}

/// Those of a list that pass a test, moved to its front.
#[inline]
pub(crate) fn sift<T: Copy>(list: &mut [T], mut passes: impl FnMut(T) -> bool) -> &mut [T] {
    let mut count = 0;
    for at in 0..list.len() {
        let Some(&value) = list.get(at) else { break };
        put_if(passes(value), list, &mut count, value);
    }
    list.get_mut(..count).unwrap_or(&mut [])
}

/// The same, copied into `kept`.
#[inline]
pub(crate) fn pick<T: Copy + Default>(
    from: impl ExactSizeIterator<Item = (T, bool)>,
    kept: &mut Vec<T>,
) -> &mut [T] {
    if kept.len() < from.len() {
        kept.resize(from.len(), T::default());
    }
    let mut count = 0;
    for (value, passes) in from {
        put_if(passes, kept, &mut count, value);
    }
    kept.get_mut(..count).unwrap_or(&mut [])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_stays_in_order() {
        let odd = |n: u32| n % 2 == 1;
        assert_eq!(sift(&mut [1, 2, 3, 4, 5, 7], odd), [1, 3, 5, 7]);
        assert!(sift(&mut [2, 4], odd).is_empty());
        let mut kept = Vec::new();
        assert_eq!(pick((1..8).map(|n| (n, odd(n))), &mut kept), [1, 3, 5, 7]);
        assert_eq!(pick([(8, true)].into_iter(), &mut kept), [8]);
        let (mut list, mut len) = ([0; 2], 0);
        for n in 1..5 {
            put_if(odd(n), &mut list, &mut len, n);
        }
        // What does not pass is written where there is room, and not counted.
        assert_eq!((list, len), ([1, 3], 2));
    }
}
