//! Absolve from the outside: the program is run, and what it says is looked at. Most cases are data, in `cli/`.

#[path = "suite/baseline.rs"]
mod baseline;
#[path = "suite/case.rs"]
mod case;
#[path = "suite/cases.rs"]
mod cases;
#[cfg(target_os = "linux")]
#[path = "suite/crash.rs"]
mod crash;
#[path = "suite/editor.rs"]
mod editor;
#[path = "suite/fixing.rs"]
mod fixing;
#[path = "suite/gate.rs"]
mod gate;
#[path = "suite/hook.rs"]
mod hook;
#[path = "suite/library.rs"]
mod library;
#[path = "suite/made_up_rules.rs"]
mod made_up_rules;
#[path = "suite/offline.rs"]
mod offline;
#[path = "suite/reports.rs"]
mod reports;
#[path = "suite/malformed.rs"]
mod malformed;
#[path = "suite/native_messaging.rs"]
mod native_messaging;
#[path = "suite/sarif.rs"]
mod sarif;
#[path = "suite/supply_chain.rs"]
mod supply_chain;
#[path = "suite/terminal.rs"]
mod terminal;
