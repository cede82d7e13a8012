//! Whatever stops `absolve fix`, a file says what it said or what it was to say: the whole of the one or of the other.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{case::absolve, offline::strace};

const SENTENCE: &str = "Your parcel left Lyon today at noon. ";
const SIN: &str = "Thank you for your patience. ";

/// A reply of `n` paragraphs, one of them sinful: as it is and as it must become.
fn reply(n: usize) -> (String, String) {
    let good = format!("{SENTENCE}{SENTENCE}").trim_end().to_owned() + "\n\n";
    let bad = format!("{SENTENCE}{SIN}{SENTENCE}").trim_end().to_owned() + "\n\n";
    let rest = good.repeat(n - 1);
    (format!("Hello Ana,\n\n{bad}{rest}"), format!("Hello Ana,\n\n{good}{rest}"))
}

fn folder_with(before: &str, n_files: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for n in 0..n_files {
        fs::write(folder.path().join(format!("{n}.md")), before).expect("a file can be written");
    }
    folder
}

/// How many files are fixed; each is whole. And how many temporary ones are left.
#[track_caller]
fn look(folder: &Path, (before, after): &(String, String)) -> (usize, usize) {
    let (mut n_fixed, mut n_left) = (0, 0);
    for entry in fs::read_dir(folder).expect("it is there").flatten() {
        let name = entry.file_name().into_string().expect("we named it");
        if name.starts_with(".absolve-") {
            n_left += 1;
            continue;
        }
        let now = fs::read_to_string(entry.path()).expect("it can be read");
        assert!(now == *before || now == *after, "{name} is neither: {} bytes of {}", now.len(), before.len());
        n_fixed += usize::from(now == *after);
    }
    (n_fixed, n_left)
}

fn fix(folder: &Path) -> Command {
    let mut command = absolve(folder);
    command.args(["fix", "--fail-on", "never", "."]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn killed_at_any_moment() {
    let texts = reply(3);
    let (n_files, n_kills) = (60, 8);
    let mut n_fixed = Vec::new();
    for kill in 0..n_kills {
        let folder = folder_with(&texts.0, n_files);
        let mut child = fix(folder.path()).spawn().expect("it runs");
        while look(folder.path(), &texts) == (0, 0) && child.try_wait().expect("it is ours").is_none() {}
        thread::sleep(Duration::from_millis(kill * 7));
        child.kill().and_then(|()| child.wait()).expect("it is ours to kill");
        let (fixed, left) = look(folder.path(), &texts);
        assert!(left <= 1, "{left} temporary files");
        n_fixed.push(fixed);
    }
    eprintln!("files fixed of {n_files} when it was killed: {n_fixed:?}");
    assert!(n_fixed.iter().any(|it| *it < n_files), "one at least is killed in the middle: {n_fixed:?}");
}

/// The system calls by which a file is replaced, each with its number among those of its name: what strace is to spoil.
fn steps(folder: &Path) -> Option<Vec<(String, usize)>> {
    let log = folder.join("../absolve-steps");
    let calls = "trace=openat,write,fchmod,chmod,fchown,chown,fsync,fdatasync,rename,renameat,renameat2,read,close";
    let mut command = strace(folder, &["-e", calls, "-o", log.to_str().expect("it is UTF-8")])?;
    command.args(["fix", "--fail-on", "never", "."]).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("it runs").success());
    let log = fs::read_to_string(&log).expect("strace has written it");
    let calls = log.lines().filter_map(|it| it.split_once(' ')).map(|(thread, call)| (thread, call.trim_start()));
    let calls = calls.filter_map(|(thread, call)| Some((thread, call.split_once('(')?.0, call)));
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut writer = None;
    let mut steps = Vec::new();
    for (thread, name, call) in calls.filter(|it| !it.1.starts_with('<')) {
        let nth = counts.entry((thread, name)).and_modify(|it| *it += 1).or_insert(1);
        if writer.is_none() && call.contains("/.absolve-") {
            writer = Some(thread);
        }
        if writer == Some(thread) {
            steps.push((name.to_owned(), *nth));
        }
    }
    Some(steps)
}

/// A run in which something is done to one system call.
fn spoiled(folder: &Path, (name, nth): &(String, usize), what: &str) -> Output {
    let inject = format!("inject={name}:{what}:when={nth}");
    let mut command = strace(folder, &["-e", &inject, "-o", "/dev/null"]).expect("it was here just now");
    command.args(["fix", "--fail-on", "never", "."]).output().expect("it runs")
}

#[test]
fn killed_or_refused_at_every_step() {
    let texts = reply(3);
    let outer = tempfile::tempdir().expect("there is room for a folder");
    let folder = outer.path().join("macros");
    let path = folder.join("0.md");
    fs::create_dir(&folder).expect("a new folder can be made");
    fs::write(&path, &texts.0).expect("a file can be written");
    let Some(steps) = steps(&folder) else { return };
    assert!(["openat", "write", "fsync"].iter().all(|name| steps.iter().any(|it| it.0 == *name)), "{steps:?}");
    eprintln!("{} steps", steps.len());
    let mut outcomes = [0, 0];
    for step in &steps {
        for (what, may_leave) in [("signal=SIGKILL", 1), ("error=ENOSPC", 0), ("error=EACCES", 0)] {
            if what != "signal=SIGKILL" && step.0 == "close" {
                continue;
            }
            fs::write(&path, &texts.0).expect("a file can be written");
            let output = spoiled(&folder, step, what);
            let (n_fixed, n_left) = look(&folder, &texts);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(n_left <= may_leave, "{step:?} {what}: {n_left} temporary files\n{told}");
            assert!(n_fixed == 1 || !output.status.success(), "{step:?} {what}: nothing done, and not told");
            outcomes[n_fixed] += 1;
            for entry in fs::read_dir(&folder).expect("it is there").flatten().filter(|it| it.path() != path) {
                fs::remove_file(entry.path()).expect("it is ours");
            }
        }
    }
    assert!(outcomes.iter().all(|it| *it > 0), "some before the change, some after it: {outcomes:?}");
}

/// What the program says in a shell that runs `script`, which starts it as `"$0"`.
fn in_shell(folder: &Path, script: &str) -> Output {
    let program = absolve(folder).get_program().to_owned();
    let mut command = Command::new("bash");
    command.current_dir(folder).arg("-c").arg(script).arg(program).output().expect("there is a shell")
}

#[test]
fn no_room_for_the_new_file() {
    let texts = reply(100);
    let folder = folder_with(&texts.0, 1);
    let output = in_shell(folder.path(), "trap '' XFSZ; ulimit -f 2; exec \"$0\" fix .");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("0.md: "), "{told}");
    assert_eq!(look(folder.path(), &texts), (0, 0));
    // Without the trap, the system kills it.
    assert_eq!(in_shell(folder.path(), "ulimit -c 0 -f 2; exec \"$0\" fix .").status.code(), None);
    assert_eq!(look(folder.path(), &texts).0, 0);
}

#[test]
fn a_disk_that_is_full() {
    let texts = reply(640);
    let folder = folder_with(&texts.0, 1);
    let script = "set -e; mkdir disk; unshare -rm bash -ec '
        mount -t tmpfs -o size=64k tmpfs disk; mv 0.md disk; cd disk; code=0
        \"$0\" fix . || code=$?; ls -A; mv 0.md ..; exit $code' \"$0\"; rmdir disk";
    assert!((40_000..60_000).contains(&texts.0.len()), "it fits once, not twice: {}", texts.0.len());
    let output = in_shell(folder.path(), script);
    let told = String::from_utf8_lossy(&output.stderr);
    if told.contains("unshare") || told.contains("mount:") {
        return eprintln!("skipped: no file system can be mounted here");
    }
    assert!(output.status.code() == Some(2) && told.contains("0.md: No space left on device"), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().last(), Some("0.md"), "nothing else is left there");
    fs::remove_dir(folder.path().join("disk")).expect("it is empty");
    assert_eq!(look(folder.path(), &texts), (0, 0));
}

/// Nobody is root's other self: permissions mean nothing to root.
#[test]
fn a_folder_that_may_not_be_written_to() {
    const NOBODY: u32 = 65534;
    let texts = reply(3);
    let folder = folder_with(&texts.0, 1);
    let path = folder.path().join("0.md");
    let is_root = fs::metadata(&path).expect("it is there").uid() == 0;
    let permissions = |mode: u32| fs::set_permissions(folder.path(), PermissionsExt::from_mode(mode));
    let mut run = if is_root {
        chown(&path, Some(NOBODY), Some(NOBODY)).expect("root may");
        let program = folder.path().join(".program");
        fs::copy(absolve(folder.path()).get_program(), &program).expect("there is room for it");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).current_dir(folder.path());
        command
    } else {
        absolve(folder.path())
    };
    permissions(0o555).expect("it is ours");
    let output = run.args(["fix", "0.md"]).output();
    permissions(0o755).expect("it is ours");
    let _ = fs::remove_file(folder.path().join(".program"));
    let Ok(output) = output else { return eprintln!("skipped: there is no setpriv to be somebody else with") };
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("0.md: its folder may not be written to"), "{told}");
    assert_eq!(look(folder.path(), &texts), (0, 0));
}

/// Somebody saves the file again and again while it is fixed: what they wrote last is there, or that, fixed.
#[test]
fn somebody_else_writes_too() {
    let texts = reply(3);
    let folder = folder_with(&texts.0, 1);
    let path = folder.path().join("0.md");
    let end = Instant::now() + Duration::from_secs(2);
    let writer = {
        let (path, other, text) = (path.clone(), folder.path().join("other.tmp"), texts.0.clone());
        thread::spawn(move || {
            let mut n = 0;
            while Instant::now() < end {
                n += 1;
                fs::write(&other, format!("{text}{n}\n")).and_then(|()| fs::rename(&other, &path)).expect("it is ours");
                thread::sleep(Duration::from_millis(n % 7));
            }
        })
    };
    while !writer.is_finished() {
        fix(folder.path()).status().expect("it runs");
        let now = fs::read_to_string(&path).expect("it is there, whatever happens");
        let whole = [&texts.0, &texts.1].iter().any(|it| {
            now.strip_prefix(it.as_str()).is_some_and(|rest| rest.trim_end().chars().all(|it| it.is_ascii_digit()))
        });
        assert!(whole, "neither theirs nor ours: {now}");
    }
    writer.join().expect("it ends");
}
