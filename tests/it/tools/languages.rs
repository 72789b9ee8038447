//! What `browser::` checks in English, in the other languages: a browser takes long for each.

use onboarding::text::Lang;

use crate::browser::{accessibility::every_page_is_accessible, tour::Tour};

macro_rules! every_page_is_accessible {
    ($($in:ident $lang:ident)*) => {
        mod every_page_is_accessible {
            $(
                #[tokio::test]
                async fn $in() {
                    super::every_page_is_accessible(super::Lang::$lang).await;
                }
            )*

            #[test]
            fn in_no_other_language() {
                let tested = [super::Lang::En, $(super::Lang::$lang),*];
                assert_eq!(tested.len(), super::Lang::ALL.len());
            }
        }
    };
}

every_page_is_accessible! {
    in_german De
    in_french Fr
    in_italian It
    in_spanish Es
    in_japanese Ja
    in_simplified_chinese ZhHans
    in_traditional_chinese ZhHant
}

#[tokio::test]
async fn sign_in_fits_every_screen_in_chinese() {
    Tour::begin(Lang::ZhHant).await.way_in().await;
}

#[tokio::test]
async fn error_pages_fit_every_screen_in_chinese() {
    Tour::begin(Lang::ZhHant).await.every_error_page().await;
}

#[tokio::test]
async fn sign_in_fits_every_screen_in_german() {
    Tour::begin(Lang::De).await.way_in().await;
}

#[tokio::test]
async fn error_pages_fit_every_screen_in_german() {
    Tour::begin(Lang::De).await.every_error_page().await;
}

#[tokio::test]
async fn sign_in_fits_every_screen_in_japanese() {
    Tour::begin(Lang::Ja).await.way_in().await;
}

#[tokio::test]
async fn error_pages_fit_every_screen_in_japanese() {
    Tour::begin(Lang::Ja).await.every_error_page().await;
}
