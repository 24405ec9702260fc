//! A hash table with 64-bit keys that are hashes already: nearly every look-up takes one step.

/// A table of values by their keys, none of which is 0.
#[derive(Debug, Default)]
pub(super) struct HashTable<V> {
    /// A key of 0 is a free place.
    slots: Vec<(u64, V)>,
    len: usize,
}

impl<V: Copy + Default> HashTable<V> {
    /// Returns the value of `key`.
    pub(super) fn get(&self, key: u64) -> Option<V> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = slot(key) & mask;
        loop {
            match self.slots[place] {
                (0, _) => return None,
                (known, value) if known == key => return Some(value),
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// Returns the value of `key`, which is added if it is new.
    pub(super) fn entry(&mut self, key: u64) -> &mut V {
        if self.slots.len() < 2 * (self.len + 1) {
            let more = vec![(0, V::default()); (2 * self.slots.len()).max(64)];
            for (key, value) in std::mem::replace(&mut self.slots, more) {
                if key != 0 {
                    let place = self.place(key);
                    self.slots[place] = (key, value);
                }
            }
        }
        let place = self.place(key);
        if self.slots[place].0 == 0 {
            self.len += 1;
            self.slots[place].0 = key;
        }
        &mut self.slots[place].1
    }

    /// Iterates over keys and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, V)> {
        self.slots.iter().copied().filter(|(key, _)| *key != 0)
    }

    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = slot(key) & mask;
        while self.slots[place].0 != 0 && self.slots[place].0 != key {
            place = (place + 1) & mask;
        }
        place
    }
}

/// Returns the slot where the search for `key` starts: upper bits of its product with 2^64 over the golden
/// ratio, to which each of its bits contributes.
fn slot(key: u64) -> usize {
    usize::try_from(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40).unwrap_or(0)
}
