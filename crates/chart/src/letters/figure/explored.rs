//! The texts of the figures of explorations.

use super::{Key, role, text};
use crate::spec::Body;

pub(super) fn rewrite(body: &mut Body, key: &mut Key) {
    match body {
        Body::Tornado(body) => {
            for panel in &mut body.panels {
                panel.rows.iter_mut().for_each(|row| row.name = key.name(&row.name, "unknown"));
                text(&mut panel.title, key);
            }
        }
        Body::MuSigma(body) => body.factors.iter_mut().for_each(|f| f.name = key.name(&f.name, "unknown")),
        Body::Ranking(body) => {
            body.schedules.iter_mut().for_each(|schedule| role(schedule, key));
            body.panels.iter_mut().for_each(|panel| text(&mut panel.title, key));
        }
        Body::BoxLimits(body) => {
            for panel in &mut body.panels {
                for row in &mut panel.rows {
                    row.name = key.name(&row.name, "unknown");
                    text(&mut row.said, key);
                }
                text(&mut panel.title, key);
            }
        }
        Body::Tradeoff(body) => body.panels.iter_mut().for_each(|panel| text(&mut panel.title, key)),
        Body::Front(body) => {
            for panel in &mut body.panels {
                panel.known.iter_mut().for_each(|(known, ..)| role(known, key));
                text(&mut panel.title, key);
            }
        }
        Body::Regret(body) => body.rows.iter_mut().for_each(|row| role(&mut row.role, key)),
        Body::Parallel(body) => body.axes.iter_mut().for_each(|axis| axis.name = key.name(&axis.name, "unknown")),
        _ => {}
    }
}
