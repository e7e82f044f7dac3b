//! What a payload has that the one before had not, and the other way around.

use crate::picture::{ComparedBy, Sign, difference, visible};
use crate::ui::text::topics as text;
use yew::prelude::*;

/// The part of the panel.
pub(super) fn difference_part(before: Option<&[u8]>, now: &[u8]) -> Html {
    let Some(before) = before else { return html! { <p class="soft">{ text::ONLY_ONE }</p> } };
    let found = difference(before, now);
    if found.is_none() && !found.cut {
        return html! { <p class="soft" data-test="no-difference">{ text::NO_DIFFERENCE }</p> };
    }
    let by = match found.by {
        ComparedBy::Fields => text::BY_FIELDS,
        ComparedBy::Lines => text::BY_LINES,
        ComparedBy::Bytes => text::BY_BYTES,
    };
    html! {
        <>
            <h3>{ by }</h3>
            <ul class="difference mono" data-test="difference">
                { for found.lines.iter().enumerate().map(|(i, (sign, line))| {
                    let (class, sign, said) = match sign {
                        Sign::Same => ("same", " ", text::SAME),
                        Sign::Gone => ("gone", "−", text::GONE),
                        Sign::New => ("new", "+", text::NEW),
                        Sign::Skipped => return html! { <li key={i} class="faint">{ text::skipped(line) }</li> },
                    };
                    html! {
                        <li key={i} {class}>
                            <span class="sign" aria-hidden="true">{ sign }</span>
                            <span class="visually-hidden">{ said }{ ": " }</span>
                            <span class="break">{ visible(line) }</span>
                        </li>
                    }
                }) }
            </ul>
            if found.cut {
                <p class="soft">{ text::CUT }</p>
            }
        </>
    }
}
