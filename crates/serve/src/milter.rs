//! The hook for mail servers that speak the milter protocol (Postfix, Sendmail): what holds is refused with the sin and the
//! way out, what could be better bears a header.

mod mail;
mod packet;
mod reply;
mod server;
mod session;

pub use server::{Listening, converse, listen};
