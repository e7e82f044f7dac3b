//! Paints a display list on a canvas, in the theme's colours: what the timeline and the flow share.

use crate::picture::{Anchor, Ink, Item, List, Shape};
use crate::ui::browser::{self, set_css};
use crate::ui::lab::Lab;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};
use yew::NodeRef;

/// How much of what steps back behind the chosen is seen, of 1.
const DIM: f64 = 0.28;

/// The theme's colours, for a canvas that is painted again and again.
#[derive(Default)]
pub(crate) struct Theme(Option<(String, Colours)>);

impl Theme {
    /// The colours of now, which are read again where the theme became another.
    pub(crate) fn colours(&mut self, probe: &Element) -> Option<&Colours> {
        set_css(probe, "color", "var(--gb-text)");
        let style = browser::window().and_then(|window| window.get_computed_style(probe).ok().flatten());
        let key = style.and_then(|style| style.get_property_value("color").ok()).unwrap_or_default();
        if self.0.as_ref().is_none_or(|(known, _)| *known != key) {
            self.0 = Some((key, Colours::read(probe)));
        }
        self.0.as_ref().map(|(_, colours)| colours)
    }

    /// By what one theme is told from another.
    pub(crate) fn key(&self) -> &str {
        self.0.as_ref().map_or("", |(key, _)| key)
    }
}

/// The theme's colours, read once for each change of theme.
pub(crate) struct Colours {
    inks: Vec<JsValue>,
    regular: String,
}

impl Colours {
    /// Reads every ink's token through a probe element: a token's own value may be an expression that only a property resolves.
    fn read(probe: &Element) -> Self {
        let style = browser::window().and_then(|window| window.get_computed_style(probe).ok().flatten());
        let value = |name: &str| {
            style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
        };
        let inks = Ink::TOKENS
            .iter()
            .map(|token| {
                set_css(probe, "color", &format!("var({token})"));
                JsValue::from_str(&value("color"))
            })
            .collect();
        Self { inks, regular: value("font-family") }
    }

    fn font(&self, size: f64, bold: bool) -> String {
        format!("{}{size}px {}", if bold { "600 " } else { "" }, self.regular)
    }

    fn ink(&self, ink: Ink) -> &JsValue {
        const NONE: &JsValue = &JsValue::NULL;
        self.inks.get(ink as usize).unwrap_or(NONE)
    }
}

/// Shows a tooltip beside a point of its scroller, in pixels from the top left corner.
pub(crate) fn tip(tooltip: &Element, scroller: &Element, text: &str, (x, y): (f64, f64)) {
    tooltip.set_text_content(Some(text));
    let (right, down) = (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_top()));
    let left = (x + 14.0).min(f64::from(scroller.client_width()) - 250.0).max(4.0) + right;
    let top = y + 18.0 + down;
    set_css(tooltip, "transform", &format!("translate({left}px, {top}px)"));
    let _ = tooltip.class_list().add_1("shown");
}

/// Has all painted again when an element has another size, also as it comes to be seen; until it is dropped.
pub(crate) struct Resized {
    observer: ResizeObserver,
    _call: Closure<dyn FnMut()>,
}

impl Resized {
    /// Begins; `None` where the element is not there.
    pub(crate) fn of(lab: &Lab, node: &NodeRef) -> Option<Self> {
        let element = node.cast::<Element>()?;
        let lab = lab.clone();
        let call = Closure::<dyn FnMut()>::new(move || lab.touch());
        let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _call: call })
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A canvas that is as many real pixels as the screen has.
pub(crate) struct Surface {
    context: CanvasRenderingContext2d,
    /// Its height in CSS pixels.
    pub(crate) height: f64,
}

impl Surface {
    /// Makes the canvas fit; `None` where the browser gives no context.
    pub(crate) fn fit(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<Self> {
        let ratio = browser::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, 4.0);
        let ratio = ratio * browser::zoom(canvas);
        let (w, h) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if canvas.width() != w || canvas.height() != h {
            canvas.set_width(w);
            canvas.set_height(h);
            set_css(canvas, "width", &format!("{width}px"));
            set_css(canvas, "height", &format!("{height}px"));
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        Some(Self { context, height })
    }

    /// How wide a text is at a size, plain or heavy, all in pixels.
    pub(crate) fn measure(&self, colours: &Colours, text: &str, size: f64, bold: bool) -> f64 {
        self.context.set_font(&colours.font(size, bold));
        self.context.measure_text(text).map_or(0.0, |measure| measure.width())
    }

    /// Paints the whole list.
    #[allow(deprecated, reason = "the setters that take a string encode it anew at each call")]
    pub(crate) fn paint(&self, list: &List, colours: &Colours) {
        let context = &self.context;
        let mut ink = None;
        let mut font = (0u32, false);
        let mut dim = false;
        for item in &list.items {
            if ink != Some(item.ink) {
                ink = Some(item.ink);
                context.set_fill_style(colours.ink(item.ink));
                context.set_stroke_style(colours.ink(item.ink));
            }
            if dim != item.dim {
                dim = item.dim;
                context.set_global_alpha(if dim { DIM } else { 1.0 });
            }
            if let Shape::Text { size, bold, .. } = &item.shape {
                let wanted = ((*size * 10.0) as u32, *bold);
                if font != wanted {
                    font = wanted;
                    context.set_font(&colours.font(*size, *bold));
                }
            }
            self.shape(item);
        }
        context.set_global_alpha(1.0);
    }

    fn shape(&self, item: &Item) {
        let context = &self.context;
        match &item.shape {
            Shape::Rect { x, y, w, h } => context.fill_rect(*x, *y, *w, *h),
            Shape::Frame { x, y, w, h } => {
                context.set_line_width(1.0);
                context.stroke_rect(*x, *y, *w, *h);
            }
            Shape::Hatch { x, y, w, h } => self.hatch(*x, *y, *w, *h),
            Shape::Line { x1, y1, x2, y2, width, dashed } => {
                context.set_line_width(*width);
                self.dash(*dashed);
                self.path(&[(*x1, *y1), (*x2, *y2)], false);
                context.stroke();
                if *dashed {
                    self.dash(false);
                }
            }
            Shape::Head { x1, y1, x2, y2 } => {
                let (dx, dy) = (x2 - x1, y2 - y1);
                let length = (dx * dx + dy * dy).sqrt().max(0.001);
                let (ux, uy) = (dx / length, dy / length);
                let (bx, by) = (x2 - ux * 8.0, y2 - uy * 8.0);
                self.path(
                    &[(*x2, *y2), (bx - uy * 3.5, by + ux * 3.5), (bx + uy * 3.5, by - ux * 3.5)],
                    true,
                );
                context.fill();
            }
            Shape::Cross { x, y, r } => {
                context.set_line_width(2.0);
                self.path(&[(x - r, y - r), (x + r, y + r)], false);
                context.stroke();
                self.path(&[(x - r, y + r), (x + r, y - r)], false);
                context.stroke();
            }
            Shape::Disc { x, y, r } => {
                context.begin_path();
                let _ = context.arc(*x, *y, *r, 0.0, std::f64::consts::TAU);
                context.fill();
            }
            Shape::Diamond { x, y, r, hollow } => {
                self.path(&[(x - r, *y), (*x, y - r), (x + r, *y), (*x, y + r)], true);
                if *hollow {
                    context.set_line_width(1.5);
                    context.stroke();
                } else {
                    context.fill();
                }
            }
            Shape::Area { points, end, base } => self.area(points, *end, *base),
            Shape::Text { x, y, anchor, text, .. } => {
                context.set_text_align(match anchor {
                    Anchor::Start => "left",
                    Anchor::Middle => "center",
                    Anchor::End => "right",
                });
                let _ = context.fill_text(text, *x, *y);
            }
        }
    }

    fn path(&self, points: &[(f64, f64)], closed: bool) {
        self.context.begin_path();
        for (i, (x, y)) in points.iter().enumerate() {
            if i == 0 { self.context.move_to(*x, *y) } else { self.context.line_to(*x, *y) }
        }
        if closed {
            self.context.close_path();
        }
    }

    fn dash(&self, on: bool) {
        let pattern = js_sys::Array::new();
        if on {
            pattern.push(&JsValue::from_f64(4.0));
            pattern.push(&JsValue::from_f64(3.0));
        }
        let _ = self.context.set_line_dash(&pattern);
    }

    fn hatch(&self, x: f64, y: f64, w: f64, h: f64) {
        const STEP: f64 = 6.0;
        let context = &self.context;
        context.save();
        context.begin_path();
        context.rect(x, y, w, h);
        context.clip();
        context.set_line_width(1.5);
        context.begin_path();
        // Anchored to the page, so that the pattern stands still while the bar grows.
        let mut at = ((x - h) / STEP).floor() * STEP;
        while at < x + w {
            context.move_to(at, y + h);
            context.line_to(at + h, y);
            at += STEP;
        }
        context.stroke();
        context.restore();
        context.set_line_width(1.0);
        context.stroke_rect(x + 0.5, y + 0.5, (w - 1.0).max(0.0), (h - 1.0).max(0.0));
    }

    fn area(&self, points: &[(f64, f64)], end: f64, base: f64) {
        let context = &self.context;
        let Some((first, _)) = points.first() else { return };
        let outline = || {
            let mut y = base;
            for (x, next) in points {
                context.line_to(*x, y);
                context.line_to(*x, *next);
                y = *next;
            }
            context.line_to(end, y);
        };
        context.begin_path();
        context.move_to(*first, base);
        outline();
        context.line_to(end, base);
        context.close_path();
        let alpha = context.global_alpha();
        context.set_global_alpha(0.3 * alpha);
        context.fill();
        context.set_global_alpha(alpha);
        context.begin_path();
        context.move_to(*first, base);
        outline();
        context.set_line_width(1.5);
        context.stroke();
    }
}
