//! One word of a few.

/// States an enum of words: its variants, the words, and how the reference lists them in its message. The reference calls the
/// problem `literal_error`, or as it is `said`.
macro_rules! choice {
    (@said) => { "literal_error" };
    (@said $said:literal) => { $said };
    ($(#[$doc:meta])* $name:ident, $(said as $said:literal,)? listed as $listed:literal {
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// The word.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl $crate::types::Value for $name {
            const KIND: $crate::types::Kind = $crate::types::Kind::Choice(&[$($word),+]);

            fn read(input: &latchkey_contract::json::Json) -> Result<Self, Vec<$crate::types::Problem>> {
                match input.as_str() {
                    $(Some($word) => Ok(Self::$variant),)+
                    _ => {
                        let msg = concat!("Input should be ", $listed);
                        let ctx = latchkey_contract::dict! {"expected" => $listed};
                        Err(vec![$crate::types::Problem::new(choice!(@said $($said)?), msg, input).with(ctx)])
                    }
                }
            }

            fn dump_as(&self, _how: $crate::types::Dump) -> latchkey_contract::json::Json {
                self.as_str().into()
            }
        }
    };
}
pub(crate) use choice;
