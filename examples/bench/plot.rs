//! The figure of docs/ARCHITECTURE.md: what each step of the journey costs.

use std::{
    fs,
    io::{self, Write},
};

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

const FILE: &str = "target/bench/journey.svg";
const SIZE: (u32, u32) = (720, 300);
const BLUE: RGBColor = RGBColor(0x0b, 0x5b, 0xd3);
const FONT: (&str, u32) = ("sans-serif", 14);

/// Draws a bar for each step, from the first at the top; in thousands of instructions.
pub(crate) fn bars(steps: &[(&str, f64)]) -> anyhow::Result<()> {
    let mut svg = String::new();
    draw(steps, &mut svg).map_err(|error| anyhow::anyhow!("the figure: {error}"))?;
    fs::create_dir_all("target/bench")?;
    fs::write(FILE, svg)?;
    writeln!(io::stdout(), "the figure is {FILE}")?;
    Ok(())
}

fn draw(steps: &[(&str, f64)], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let most = steps
        .iter()
        .fold(0.0, |most: f64, (_, cost)| most.max(*cost));
    let rows = i32::try_from(steps.len())?;
    let mut chart = ChartBuilder::on(&area)
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(170)
        .build_cartesian_2d(0.0..most * 1.15 / 1e3, (0..rows - 1).into_segmented())?;
    // The first row of the chart is the lowest.
    let step_of = |row: i32| steps.iter().rev().nth(usize::try_from(row).ok()?);
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(TRANSPARENT)
        .y_labels(steps.len())
        .y_label_formatter(&|segment| match segment {
            SegmentValue::CenterOf(row) => step_of(*row).map_or("", |(name, _)| name).to_owned(),
            SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
        })
        .x_label_formatter(&|cost| format!("{cost:.0}"))
        .x_desc("thousand instructions of the handler")
        .label_style(FONT)
        .axis_desc_style(FONT)
        .draw()?;
    for row in 0..rows {
        let Some((_, cost)) = step_of(row) else {
            continue;
        };
        let (cost, from, to) = (
            cost / 1e3,
            SegmentValue::Exact(row),
            SegmentValue::Exact(row + 1),
        );
        let mut bar = Rectangle::new([(0.0, from), (cost, to)], BLUE.filled());
        bar.set_margin(4, 4, 0, 0);
        let label = Text::new(
            format!(" {cost:.0}"),
            (cost, SegmentValue::CenterOf(row)),
            TextStyle::from(FONT.into_font()).pos(Pos::new(HPos::Left, VPos::Center)),
        );
        chart.draw_series([bar])?;
        chart.draw_series([label])?;
    }
    area.present()?;
    Ok(())
}
