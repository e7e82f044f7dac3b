//! The border between the two modules: the build cuts the linked program here, where it is told to by `cfg(split)`, and what only the
//! functions behind the border need goes with them. Without it all is in one module.

pub(super) use border::{act, draw, load, loaded};

#[cfg(not(split))]
mod border {
    use super::super::{Loaded, views};
    use crate::ui::lab::Lab;

    pub(in super::super) use views::{act, draw};

    pub(in super::super) fn loaded() -> Loaded {
        Loaded::Yes
    }

    pub(in super::super) fn load(_: &Lab) {}
}

// Both sides of the border are one program, compiled at once.
#[cfg(split)]
#[expect(unsafe_code)]
mod border {
    use super::super::{Deed, Loaded, View, views};
    use crate::ui::lab::Lab;
    use std::cell::{Cell, RefCell};
    use std::ffi::c_void;
    use yew::Html;

    type Then = extern "C" fn(*const c_void, bool);

    // The names are those that wasm-split-cli looks for: the module, and a number for each function at which it cuts.
    #[link(wasm_import_module = "__wasm_split_placeholder__")]
    #[expect(improper_ctypes)]
    unsafe extern "C" {
        safe fn __wasm_split_load_later(then: Then, data: *const c_void);
        safe fn __wasm_split_00later00_import_00000000000000000000000000000001(view: View, lab: &Lab)
        -> Html;
        safe fn __wasm_split_00later00_import_00000000000000000000000000000002(deed: Deed, lab: &Lab);
    }

    #[unsafe(no_mangle)]
    #[expect(improper_ctypes_definitions)]
    extern "C" fn __wasm_split_00later00_export_00000000000000000000000000000001(
        view: View,
        lab: &Lab,
    ) -> Html {
        views::draw(view, lab)
    }

    #[unsafe(no_mangle)]
    extern "C" fn __wasm_split_00later00_export_00000000000000000000000000000002(deed: Deed, lab: &Lab) {
        views::act(deed, lab);
    }

    thread_local! {
        static LOADED: Cell<Loaded> = const { Cell::new(Loaded::No) };
        // Who is told when it is here.
        static WAITS: RefCell<Option<Lab>> = const { RefCell::new(None) };
    }

    pub(in super::super) fn draw(view: View, lab: &Lab) -> Html {
        __wasm_split_00later00_import_00000000000000000000000000000001(view, lab)
    }

    pub(in super::super) fn act(deed: Deed, lab: &Lab) {
        __wasm_split_00later00_import_00000000000000000000000000000002(deed, lab);
    }

    pub(in super::super) fn loaded() -> Loaded {
        LOADED.get()
    }

    /// Asks for it; when it has come or failed, everything is drawn again.
    pub(in super::super) fn load(lab: &Lab) {
        LOADED.set(Loaded::Coming);
        WAITS.set(Some(lab.clone()));
        __wasm_split_load_later(then, std::ptr::null());
    }

    extern "C" fn then(_: *const c_void, is_here: bool) {
        LOADED.set(if is_here { Loaded::Yes } else { Loaded::Failed });
        if let Some(lab) = WAITS.take() {
            lab.touch();
        }
    }
}
