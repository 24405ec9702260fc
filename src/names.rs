//! Enums whose variants have names: one list gives `ALL`, `name`, `from_name`, `Display`, and the
//! trait [`Named`] for code that works with any of them.

use std::fmt;

/// An enum whose variants are written by name on the command line and in configuration.
pub trait Named: Copy + fmt::Debug + Send + Sync + 'static {
    /// Returns the names of all variants, in the order of the help texts.
    fn names() -> Vec<&'static str>;
    /// Returns the variant with this name, in upper or lower case.
    fn from_name(name: &str) -> Option<Self>;
    /// Returns the name.
    fn name(self) -> &'static str;
}

/// Names the variants of a fieldless enum.
macro_rules! named {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// All variants, in the order of the help texts.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Returns the name on the command line and in configuration: lower case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// Returns the variant with this name, in upper or lower case.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL
                    .into_iter()
                    .find(|variant| variant.name().eq_ignore_ascii_case(name))
            }
        }

        impl $crate::names::Named for $type {
            fn names() -> Vec<&'static str> {
                Self::ALL.map(Self::name).to_vec()
            }

            fn from_name(name: &str) -> Option<Self> {
                Self::from_name(name)
            }

            fn name(self) -> &'static str {
                self.name()
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use named;
