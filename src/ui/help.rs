//! The help: what this is, every key, and what the timeline's signs mean.

use super::commands::{COMMANDS, key_name};
use super::dialog::Dialog;
use super::lab::Lab;
use super::text::help as text;
use yew::prelude::*;

/// The help, while it is open.
pub(crate) fn help(lab: &Lab) -> Html {
    if !lab.screen().help {
        return html! {};
    }
    let onclose = lab.changes(|screen| screen.help = false);
    html! {
        <Dialog title={text::TITLE} test="help" {onclose}>
            <p>{ text::ABOUT }</p>
            <h3>{ text::KEYS_TITLE }</h3>
            <dl class="keys">
                { for COMMANDS.iter().filter(|one| !one.keys.is_empty()).map(|one| html! {
                    <div key={one.title}>
                        <dt>{ for one.keys.iter().copied().map(|key| html! { <kbd {key}>{ key_name(key) }</kbd> }) }</dt>
                        <dd>{ one.title }</dd>
                    </div>
                }) }
                { for text::KEYS.into_iter().map(|(key, what)| html! {
                    <div key={key}><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                }) }
            </dl>
            <h3>{ text::SIGNS_TITLE }</h3>
            <dl class="keys signs">
                { for text::SIGNS.into_iter().map(|(ink, letter, what)| html! {
                    <div key={ink}>
                        <dt><span class={classes!("badge", format!("ink-{ink}"))}>{ letter }</span></dt>
                        <dd>{ what }</dd>
                    </div>
                }) }
            </dl>
            <p class="soft">{ text::TRACKS }</p>
            <h3>{ text::FLOW_TITLE }</h3>
            <p class="soft">{ text::FLOW }</p>
            <p class="soft">{ text::FLOW_FAULTS }</p>
            <h3>{ text::TEST_CLIENT_TITLE }</h3>
            <p class="soft">{ text::TEST_CLIENT }</p>
            <h3>{ text::SIDES_TITLE }</h3>
            <p class="soft">{ text::SIDES }</p>
        </Dialog>
    }
}
