//! The macro that makes everything from the table of keys: the [`Layer`](super::Layer) of optional
//! values that flags, environment and file each give, the [`Values`](super::Values) that they merge
//! into, and the list of [`Key`](super::key::Key)s for all code that works on any key.

/// Declares the keys. A row reads
///
/// ```text
/// "section.key" field: Type = default, "help", { fields of Extra };
/// ```
///
/// with a [`ValueType`](super::value::ValueType), a default of its value, and the fields of
/// [`Extra`](super::key::Extra) that differ from none. The keys under `credentials` have no default:
/// [`Settings::load`](super::Settings::load) picks one of them.
macro_rules! settings {
    (
        credentials { $($c_key:literal $c_field:ident: $c_type:ty, $c_help:literal $(, {$($c_extra:tt)*})?;)* }
        top { $($t_key:literal $t_field:ident: $t_type:ty = $t_default:expr, $t_help:literal $(, {$($t_extra:tt)*})?;)* }
        $(
            $(#[$meta:meta])*
            $section:ident: $Section:ident {
                $($key:literal $field:ident: $type:ty = $default:expr, $help:literal $(, {$($extra:tt)*})?;)*
            }
        )*
    ) => {
        /// The values that one source gives: flags, the environment, a profile, or the top of the
        /// file. `None` is not given.
        #[derive(Clone, Debug, Default)]
        pub struct Layer {
            $(pub(crate) $c_field: Option<<$c_type as ValueType>::Value>,)*
            $(pub(crate) $t_field: Option<<$t_type as ValueType>::Value>,)*
            $($(pub(crate) $field: Option<<$type as ValueType>::Value>,)*)*
        }

        impl Layer {
            /// Returns these values, and those of `other` where there are none.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self {
                    $($c_field: self.$c_field.or(other.$c_field),)*
                    $($t_field: self.$t_field.or(other.$t_field),)*
                    $($($field: self.$field.or(other.$field),)*)*
                }
            }
        }

        /// The values in force, each with its source.
        #[derive(Clone, Debug)]
        pub(crate) struct Values {
            $(pub $t_field: Setting<<$t_type as ValueType>::Value>,)*
            $(pub $section: $Section,)*
        }

        $(
            $(#[$meta])*
            #[derive(Clone, Debug)]
            pub(crate) struct $Section {
                $(pub $field: Setting<<$type as ValueType>::Value>,)*
            }
        )*

        impl Values {
            /// Merges the layers, the most specific first; what none has takes its default.
            pub(super) fn merge(layers: &[(Source, Layer)]) -> Self {
                Self {
                    $($t_field: pick(layers, settings!(@extra $({$($t_extra)*})?).variable, |layer| &layer.$t_field, $t_default),)*
                    $($section: $Section {
                        $($field: pick(layers, settings!(@extra $({$($extra)*})?).variable, |layer| &layer.$field, $default),)*
                    },)*
                }
            }
        }

        /// A key of the configuration.
        pub(crate) type Key = key::Key<Layer, Values>;

        /// Every key, in the order of the configuration file.
        pub(crate) static KEYS: &[Key] = &[
            $(Key {
                default: || None,
                shown: |_| None,
                ..settings!(@key $c_key, $c_field, $c_type, $c_help $(, {$($c_extra)*})?)
            },)*
            $(Key {
                default: || <$t_type>::toml(&$t_default),
                shown: |values| Some(shown::<$t_type>(&values.$t_field)),
                ..settings!(@key $t_key, $t_field, $t_type, $t_help $(, {$($t_extra)*})?)
            },)*
            $($(Key {
                default: || <$type>::toml(&$default),
                shown: |values| Some(shown::<$type>(&values.$section.$field)),
                ..settings!(@key $key, $field, $type, $help $(, {$($extra)*})?)
            },)*)*
        ];
    };
    (@key $key:literal, $field:ident, $type:ty, $help:literal $(, {$($extra:tt)*})?) => {
        Key {
            name: $key,
            help: $help,
            extra: settings!(@extra $({$($extra)*})?),
            value_name: <$type>::VALUE_NAME,
            is_private: <$type>::IS_PRIVATE,
            is_list: <$type>::IS_LIST,
            names: <$type>::names,
            suggestions: <$type>::suggestions,
            set: |layer, input| {
                layer.$field = Some(<$type>::read(input)?);
                Ok(())
            },
            text: |layer| layer.$field.as_ref().and_then(<$type>::text),
            default: || None,
            shown: |_| None,
        }
    };
    (@extra $({$($extra:tt)*})?) => { Extra { $($($extra)*)? ..Extra::NONE } };
}

pub(super) use settings;
