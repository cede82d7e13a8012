//! What is built in is what `deny.toml` allows, as far as can be told without a network.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use serde_json::Value;
use spdx::{Expression, LicenseItem, ParseMode};

use crate::case::tests;

fn root() -> PathBuf {
    tests().join("..")
}

/// Every crate of the build on this platform, tests included.
fn packages() -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc is beside cargo");
    let version = String::from_utf8(version.stdout).expect("it is text");
    let host = version.lines().find_map(|it| it.strip_prefix("host: ")).expect("rustc knows where it is");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("it is JSON");
    let nodes = metadata["resolve"]["nodes"].as_array().expect("there is a graph");
    let used: BTreeSet<&str> = nodes.iter().filter_map(|it| it["id"].as_str()).collect();
    let packages = metadata["packages"].as_array().expect("there are packages");
    packages.iter().filter(|it| it["id"].as_str().is_some_and(|it| used.contains(it))).cloned().collect()
}

fn names(list: &toml::Value, key: Option<&str>) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|it| key.map_or(it, |key| &it[key]).as_str().expect("a name").to_owned()).collect()
}

#[test]
fn every_crate_is_what_deny_toml_allows() {
    let rules: toml::Value =
        toml::from_str(&fs::read_to_string(root().join("deny.toml")).expect("it is there")).expect("it is TOML");
    let licences = names(&rules["licenses"]["allow"], None);
    let banned = names(&rules["bans"]["deny"], Some("crate"));
    let mut faults = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().expect("a name").to_owned();
        if banned.contains(&name) {
            faults.push(format!("{name} is banned"));
        }
        if !package["license"].as_str().is_some_and(|it| is_allowed(it, &licences)) {
            faults.push(format!("{name} has the licence {}", package["license"]));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|it| it != "registry+https://github.com/rust-lang/crates.io-index") {
            faults.push(format!("{name} comes from {}", package["source"]));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let expression = Expression::parse_mode(licence, ParseMode::LAX).expect("crates.io takes no other");
    expression.evaluate(|it| match &it.license {
        LicenseItem::Spdx { id, .. } => it.addition.is_none() && allowed.iter().any(|it| it == id.name),
        LicenseItem::Other { .. } => false,
    })
}

#[test]
fn no_crate_wants_a_newer_rust_than_we_say() {
    let version =
        |it: &str| -> Vec<u32> { it.split('.').map(|it| it.parse().unwrap_or(0)).chain([0, 0]).take(3).collect() };
    let packages = packages();
    let ours = packages.iter().find(|it| it["name"] == "absolve").and_then(|it| it["rust_version"].as_str());
    let ours = ours.expect("we say which Rust we want").to_owned();
    let wanted = packages.iter().filter_map(|it| Some((it["name"].as_str()?, it["rust_version"].as_str()?)));
    let newer: Vec<_> = wanted.filter(|it| version(it.1) > version(&ours)).collect();
    assert!(newer.is_empty(), "newer than {ours}: {newer:?}");
}
