//! On wasm32 the page, elsewhere the command line.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    glassbroker::cli::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    glassbroker::ui::mount();
}
