//! Kinds of things to be said, each with its words in both languages.

/// An enum whose variants stand in a table with their messages: English, then Chinese, each with the
/// variant's fields in braces; a severity before them and a remedy after `=>`, where all variants have one.
///
/// `or Name(Type)` adds a variant for what is told in words of its own; its type has the same methods.
macro_rules! worded {
    (@severity $Enum:ident [$($Own:ident)?] $($name:ident $severity:ident;)*) => {
        impl $Enum {
            /// How bad it is.
            pub fn severity(&self) -> Severity {
                match self {
                    $(Self::$name { .. } => Severity::$severity,)*
                    $(Self::$Own(own) => own.severity(),)?
                }
            }
        }
    };
    (@severity $($none:tt)*) => {};
    (@remedy $Enum:ident [$($Own:ident)?] $($name:ident { $($field:ident)* } $en:literal $zh:literal;)*) => {
        impl $Enum {
            /// What to do about it; empty if nothing is asked.
            pub fn remedy(&self, lang: Lang) -> String {
                match self {
                    $(Self::$name { $($field),* } => {
                        let _ = ($($field,)*);
                        if lang == Lang::En { format!($en) } else { format!($zh) }
                    })*
                    $(Self::$Own(own) => own.remedy(lang),)?
                }
            }
        }
    };
    (@remedy $($none:tt)*) => {};
    (
        $(#[$meta:meta])*
        pub enum $Enum:ident $(or $Own:ident($own:ty))?;
        $($name:ident { $($field:ident : $type:ty),* } $($severity:ident)?
            $en:literal $zh:literal $(=> $remedy_en:literal $remedy_zh:literal)?;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each variant's message stands beside it in the table")]
        pub enum $Enum {
            $($name { $($field: $type),* },)*
            $($Own($own),)?
        }

        impl $Enum {
            /// A stable identifier for scripts.
            pub fn id(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)*
                    $(Self::$Own(own) => own.id(),)?
                }
            }

            /// What is to be said.
            pub fn message(&self, lang: Lang) -> String {
                match self {
                    $(Self::$name { $($field),* } => {
                        let _ = ($($field,)*);
                        if lang == Lang::En { format!($en) } else { format!($zh) }
                    })*
                    $(Self::$Own(own) => own.message(lang),)?
                }
            }
        }

        $crate::model::worded::worded!(@severity $Enum [$($Own)?] $($name $($severity)?;)*);
        $crate::model::worded::worded!(
            @remedy $Enum [$($Own)?] $($name { $($field)* } $($remedy_en $remedy_zh)?;)*
        );
    };
}

pub(crate) use worded;
