use absolve_core::{document::Document, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};
use std::time::Instant;
fn main() {
    let mut files = vec![];
    for l in ["en", "fr"] {
        for f in std::fs::read_dir(format!("/work/main/rules/{l}")).unwrap().flatten() {
            let p = f.path();
            if p.extension().is_some_and(|x| x == "toml") {
                files.push((p.display().to_string(), std::fs::read_to_string(&p).unwrap()));
            }
        }
    }
    let good: Vec<_> = files
        .iter()
        .filter(|(p, t)| {
            p.contains("vocabulary") || {
                let v: Vec<_> = files
                    .iter()
                    .filter(|x| x.0.contains("vocabulary"))
                    .map(|x| (x.0.as_str(), x.1.as_str()))
                    .chain([(p.as_str(), t.as_str())])
                    .collect();
                RulePack::parse(v).is_ok_and(|k| RuleSet::default().with(&k).is_ok())
            }
        })
        .map(|x| (x.0.as_str(), x.1.as_str()))
        .collect();
    eprintln!("{} of {} files", good.len(), files.len());
    let pack = RulePack::parse(good).unwrap();
    let t = Instant::now();
    let rules = RuleSet::default().with(&pack).unwrap();
    eprintln!("compile {:?}", t.elapsed());
    let bytes = rules.to_bytes();
    let t = Instant::now();
    let rules = RuleSet::from_bytes(&bytes).unwrap();
    eprintln!("load {} bytes {:?}", bytes.len(), t.elapsed());
    let t = Instant::now();
    let linter = Linter::new(rules);
    eprintln!("linter {:?}", t.elapsed());
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        for _ in 0..1 {
            let t = Instant::now();
            let d = Document::plain(text.clone());
            let read = t.elapsed();
            let t = Instant::now();
            let n = linter.count(&d);
            let find = t.elapsed();
            eprintln!("{path}: read {read:?} find {find:?} {n}");
        }
    }
}
