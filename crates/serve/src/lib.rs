//! The pre-send hook for those who ask through a socket. One judge, two ways to it: [`http`] for helpdesks, [`milter`] for
//! mail servers. No reply's text is ever logged here.

pub mod http;
pub mod judge;
pub mod milter;
