//! The last log lines, kept for tests and optionally repeated on stderr.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

const KEPT_LINES: usize = 10_000;

/// The host's log levels, as far as a handler can cause them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What the handler writes to stdout.
    Information,
    /// A line of stderr that contains "warn".
    Warning,
    /// Any other line of stderr, and what the host itself finds wrong.
    Error,
}

/// One line of the handler or of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How the host classifies the line.
    pub level: Level,
    /// The line without its line end.
    pub text: String,
}

#[derive(Debug, Clone)]
pub(super) struct Log {
    lines: Arc<Mutex<VecDeque<LogLine>>>,
    echo: bool,
}

impl Log {
    pub(super) fn new(echo: bool) -> Self {
        Self {
            lines: Arc::default(),
            echo,
        }
    }

    pub(super) fn information(&self, text: impl Into<String>) {
        self.write(Level::Information, text.into());
    }

    pub(super) fn error(&self, text: impl Into<String>) {
        self.write(Level::Error, text.into());
    }

    /// A line that the handler wrote to stderr.
    pub(super) fn stderr(&self, text: String) {
        let warning = text.to_ascii_lowercase().contains("warn");
        self.write(
            if warning {
                Level::Warning
            } else {
                Level::Error
            },
            text,
        );
    }

    pub(super) fn lines(&self) -> Vec<LogLine> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }

    /// The end of the log as text, for an error message.
    pub(super) fn tail(&self) -> String {
        let lines = self.lines();
        let last = &lines[lines.len().saturating_sub(20)..];
        last.iter()
            .map(|line| format!("\n  {}", line.text))
            .collect()
    }

    fn write(&self, level: Level, text: String) {
        if self.echo {
            // A closed stderr must not end the host.
            let _ = writeln!(std::io::stderr(), "{level:?}: {text}");
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(LogLine { level, text });
    }
}
